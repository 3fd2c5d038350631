/// Reads the values of a job file and collects everything that is wrong on the way. A method that returns nil has
/// reported why.
struct JobFileReader {
  let file: String
  private(set) var diagnostics: [Diagnostic] = []
  /// Where it says that job files are read: once at most.
  var jobFiles: JSONPlace?
  /// The names that `${…}` may use.
  var references: [String] = BuildValue.allCases.map(\.rawValue)

  init(file: String) { self.file = file }

  /// The remedy is not worked out any more once enough has been reported, since suggestions cost time.
  mutating func report(
    _ code: Diagnostic.Code, at position: SourcePosition, path: String, _ message: @autoclosure () -> String,
    remedy: @autoclosure () -> String
  ) {
    guard diagnostics.count < JobLimits.diagnostics else { return }
    diagnostics.append(
      Diagnostic(file: file, position: position, path: path, code: code, message: message(), remedy: remedy()))
  }

  mutating func report(
    _ code: Diagnostic.Code, at place: JSONPlace, _ message: @autoclosure () -> String,
    remedy: @autoclosure () -> String
  ) {
    report(code, at: place.node.position, path: place.path, message(), remedy: remedy())
  }

  /// Reports the error of a value that its type refuses.
  mutating func checked<Value>(
    _ place: JSONPlace, _ make: () throws(ValidationError) -> Value
  ) -> Value? {
    do throws(ValidationError) {
      return try make()
    } catch {
      report(.invalidValue, at: place, error.message, remedy: error.remedy)
      return nil
    }
  }

  // MARK: - Kinds of values

  mutating func text(_ place: JSONPlace) -> String? {
    if case .string(let text) = place.node.content { return text }
    reportType(place, "a string", remedy: "write text in double quotes")
    return nil
  }

  mutating func integer(_ place: JSONPlace, in range: ClosedRange<Int>) -> Int? {
    guard case .number(let digits) = place.node.content, let value = Int(digits) else {
      reportType(place, "a whole number", remedy: "write a number from \(range.lowerBound) to \(range.upperBound)")
      return nil
    }
    guard range.contains(value) else {
      report(
        .invalidValue, at: place, "\(value) is out of range",
        remedy: "\(range.lowerBound) is the least and \(range.upperBound) the most")
      return nil
    }
    return value
  }

  mutating func boolean(_ place: JSONPlace) -> Bool? {
    if case .boolean(let value) = place.node.content { return value }
    reportType(place, "true or false", remedy: "write it without quotes")
    return nil
  }

  /// The elements of an array that may hold up to `limit`.
  mutating func list(_ place: JSONPlace, limit: Int) -> [JSONPlace]? {
    guard case .array(let elements) = place.node.content else {
      reportType(place, "an array", remedy: "put it in brackets: [ … ]")
      return nil
    }
    guard elements.count <= limit else {
      report(
        .limit, at: place, "the array has \(elements.count) elements", remedy: "\(limit) are the most; split the job")
      return nil
    }
    return elements.enumerated().map(place.element)
  }

  mutating func object(_ place: JSONPlace, _ keys: KeyTable) -> JSONObject? {
    guard let object = object(place) else { return nil }
    for member in object.members where !keys.known.contains(member.key) {
      reportUnknown(member, in: place, keys)
    }
    for key in keys.required where object[key] == nil && !isMisspelt(key, in: object, keys) {
      report(
        .missingKey, at: place, "\(keys.noun) needs the key \"\(key)\"", remedy: "add \"\(key)\" to this object")
    }
    return object
  }

  /// Whether an unknown key of an object, which is reported as such, stands for `key`: one mistake, one diagnostic.
  func isMisspelt(_ key: String, in object: JSONObject, _ keys: KeyTable) -> Bool {
    // Suggestions cost time, and no more mistakes are reported then.
    guard diagnostics.count < JobLimits.diagnostics else { return false }
    return object.members.contains { member in
      !keys.known.contains(member.key) && Suggestion.nearest(to: member.key, among: keys.known) == key
    }
  }

  /// An object whose keys the user chooses.
  mutating func object(_ place: JSONPlace) -> JSONObject? {
    guard case .object(let members) = place.node.content else {
      reportType(place, "an object", remedy: "put it in braces: { … }")
      return nil
    }
    return JSONObject(place: place, members: members)
  }

  private mutating func reportUnknown(_ member: JSONMember, in place: JSONPlace, _ keys: KeyTable) {
    let path = place.memberPath(member.key)
    report(
      .unknownKey, at: member.keyPosition, path: path, "\(keys.noun) has no key \(member.key.quoted)",
      remedy: Suggestion.nearest(to: member.key, among: keys.known)
        .map { "did you mean \"\($0)\"?" } ?? "it may have \(keys.known.joined(separator: ", "))")
  }

  mutating func reportType(_ place: JSONPlace, _ wanted: String, remedy: @autoclosure () -> String) {
    report(.wrongType, at: place, "\(wanted) should stand here, not \(place.node.noun)", remedy: remedy())
  }
}
