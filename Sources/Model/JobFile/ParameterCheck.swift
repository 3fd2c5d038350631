extension Parameter.Kind {
  /// Checks a value that was given as text.
  ///
  /// - Throws: ``ValidationError`` when the parameter cannot hold it.
  package func check(_ text: String) throws(ValidationError) -> String {
    switch self {
    case .string: break
    case .choice(let choices):
      guard !choices.contains(text) else { break }
      let nearest = Suggestion.nearest(to: text, among: choices).map { "did you mean \($0.quoted)?" }
      throw ValidationError(
        "\(text.quoted) is not one of the choices",
        remedy: nearest ?? "choose \(choices.prefix(20).map(\.quoted).joined(separator: " or "))")
    case .boolean:
      guard text != "true", text != "false" else { break }
      throw ValidationError("\(text.quoted) is neither true nor false", remedy: "give true or false")
    case .integer:
      guard let value = Int(text), String(value) == text else {
        throw ValidationError("\(text.quoted) is not a whole number", remedy: "give a decimal number such as 42 or -1")
      }
    }
    return try DeclaredField.parameters.check(text)
  }
}

/// Values that a job's parameters cannot take.
package struct InvalidParameters: Error, Hashable, Sendable, CustomStringConvertible {
  /// Never empty: everything that is wrong.
  package let problems: [ValidationError]

  /// One line for each.
  package var description: String { problems.map(\.description).joined(separator: "\n") }
}

extension Job {
  /// Checks the values that a trigger gives, and fills in the defaults.
  ///
  /// - Throws: ``InvalidParameters`` with everything that is wrong.
  package func checkedParameters(
    _ given: [String: String]
  ) throws(InvalidParameters) -> [ParameterName: String] {
    var problems = unknownParameters(given.keys.sorted())
    var values: [ParameterName: String] = [:]
    for parameter in parameters {
      guard let value = given[parameter.name.rawValue] ?? parameter.default else {
        problems.append(
          ValidationError(
            "the parameter \(parameter.name) of \(name) is missing", remedy: "give it: it has no default"))
        continue
      }
      do throws(ValidationError) {
        values[parameter.name] = try parameter.kind.check(value)
      } catch {
        problems.append(
          ValidationError("the parameter \(parameter.name) of \(name): \(error.message)", remedy: error.remedy))
      }
    }
    guard problems.isEmpty else { throw InvalidParameters(problems: problems) }
    return values
  }

  private func unknownParameters(_ given: [String]) -> [ValidationError] {
    let known = parameters.map(\.name.rawValue)
    return given.filter { !known.contains($0) }.prefix(JobLimits.diagnostics).map { unknown in
      let nearest = Suggestion.nearest(to: unknown, among: known).map { "did you mean \($0.quoted)?" }
      return ValidationError(
        "\(name) has no parameter \(unknown.quoted)",
        remedy: nearest ?? (known.isEmpty ? "it takes none" : "it has \(known.joined(separator: ", "))"))
    }
  }
}
