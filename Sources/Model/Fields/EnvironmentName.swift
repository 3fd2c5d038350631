/// Names of environment variables.
package enum EnvironmentName {
  /// Checks a name that a job wants to set: `[A-Za-z_][A-Za-z0-9_]*`, and none of the program's own.
  package static func check(_ name: String) throws(ValidationError) {
    let isName =
      !name.isEmpty && name.utf8.count <= 255 && name.utf8.allSatisfy { isLetter($0) || isDigit($0) || $0 == 0x5F }
      && !(name.utf8.first.map(isDigit) ?? true)
    guard isName else {
      throw ValidationError(
        "\(name.quoted) is not the name of an environment variable",
        remedy: "start with a letter or '_', then use letters, digits and '_'")
    }
    guard !name.utf8.starts(with: "DISTCI_".utf8) else {
      throw ValidationError("the environment variable \(name) is DistCI's own", remedy: "choose another prefix")
    }
  }

  /// The variable in which a task finds the value of a parameter: `DISTCI_PARAMETER_` and the name in upper case, with
  /// `_` for what is not a letter or digit.
  package static func of(_ parameter: ParameterName) -> String { "DISTCI_PARAMETER_" + suffix(of: parameter) }

  /// The variable in which a task of a matrix finds one of its values: `DISTCI_MATRIX_` and the name in the same way.
  package static func ofMatrix(_ axis: ParameterName) -> String { "DISTCI_MATRIX_" + suffix(of: axis) }

  private static func suffix(of parameter: ParameterName) -> String {
    let name = parameter.rawValue.uppercased().unicodeScalars.map { scalar in
      isLetter(UInt8(ascii: scalar)) || isDigit(UInt8(ascii: scalar)) ? Character(scalar) : "_"
    }
    return String(name)
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
