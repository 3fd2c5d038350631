package import Model

/// A parameter of a build as the command line gives it: `NAME=VALUE`.
package struct ParameterArgument: Hashable, Sendable {
  package let name: ParameterName
  package let value: String

  /// - Throws: `ValidationError` when there is no `=`, or no name before it.
  package init(_ text: String) throws(Model.ValidationError) {
    guard let sign = text.firstIndex(of: "=") else {
      throw Model.ValidationError(
        "\(text.prefix(160).debugDescription) is not a parameter", remedy: "write NAME=VALUE, such as ref=main")
    }
    name = try ParameterName(String(text[..<sign]))
    value = String(text[text.index(after: sign)...])
  }

  /// - Throws: ``CommandFailure`` with `usage` when one is given twice.
  package static func values(of arguments: [ParameterArgument]) throws(CommandFailure) -> [String: String] {
    var values: [String: String] = [:]
    for argument in arguments {
      guard values.updateValue(argument.value, forKey: argument.name.rawValue) == nil else {
        throw CommandFailure(.usage, "the parameter \(argument.name) is given twice", remedy: "give it once")
      }
    }
    return values
  }
}
