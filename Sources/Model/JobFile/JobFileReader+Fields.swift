/// Fields of one value, and lists of them.
extension JobFileReader {
  mutating func name<Kind>(_ place: JSONPlace) -> Name<Kind>? {
    guard let text = text(place) else { return nil }
    return checked(place) { () throws(ValidationError) in try Name<Kind>(text) }
  }

  /// One of a few words.
  mutating func word<Word: RawRepresentable & CaseIterable>(_ place: JSONPlace) -> Word? where Word.RawValue == String {
    guard let text = text(place) else { return nil }
    if let word = Word(rawValue: text) { return word }
    let words = Word.allCases.map(\.rawValue)
    reportUnknownWord(text, at: place, words)
    return nil
  }

  mutating func reportUnknownWord(_ text: String, at place: JSONPlace, _ words: [String]) {
    report(
      .invalidValue, at: place, "\(text.quoted) is not known here",
      remedy: Suggestion.nearest(to: text, among: words).map { "did you mean \"\($0)\"?" }
        ?? "write \(words.map { "\"\($0)\"" }.joined(separator: " or "))")
  }

  mutating func duration(_ place: JSONPlace, in range: ClosedRange<Int> = TaskDuration.range) -> Int? {
    guard case .string(let text) = place.node.content else {
      reportType(place, "a duration", remedy: "write a number and a unit in double quotes, such as \"90s\" or \"20m\"")
      return nil
    }
    return checked(place) { () throws(ValidationError) in try TaskDuration.seconds(text, in: range) }
  }

  /// A field that may hold references. It is kept as written.
  mutating func field(_ field: DeclaredField, _ place: JSONPlace) -> String? {
    guard let text = text(place) else { return nil }
    return self.field(field, text, place)
  }

  mutating func field(_ field: DeclaredField, _ text: String, _ place: JSONPlace) -> String? {
    guard let template = checked(place, { () throws(ValidationError) in try Template(text) }) else { return nil }
    let unknown = template.references.filter { !references.contains($0) }
    for name in unknown {
      let error = Template.missing(name, among: references)
      report(.unknownReference, at: place, "${\(name)} is not known", remedy: error.remedy)
    }
    guard unknown.isEmpty,
      checked(place, { () throws(ValidationError) in try field.check(template) }) != nil
    else { return nil }
    return text
  }

  mutating func globs(_ place: JSONPlace) -> [String]? {
    guard let places = list(place, limit: JobLimits.globs) else { return nil }
    guard !places.isEmpty else {
      report(.invalidValue, at: place, "no file is named", remedy: "write a glob such as \"dist/**\"")
      return nil
    }
    return all(places) { reader, place in reader.field(.files, place) }
  }

  mutating func labels(_ place: JSONPlace) -> [Label]? {
    guard let places = list(place, limit: JobLimits.labels) else { return nil }
    let labels = all(places) { (reader, place) -> Label? in reader.name(place) }
    guard let labels else { return nil }
    guard refuseRepeats(labels.map(\.rawValue), at: places) else { return nil }
    return labels.sorted()
  }

  /// Reads every element, so that all errors are reported; nil if one had any.
  mutating func all<Value>(
    _ places: [JSONPlace], _ read: (inout JobFileReader, JSONPlace) -> Value?
  ) -> [Value]? {
    let values = places.compactMap { read(&self, $0) }
    return values.count == places.count ? values : nil
  }

  /// Reports values that stand twice.
  mutating func refuseRepeats(_ values: [String], at places: [JSONPlace]) -> Bool {
    var seen: [String: SourcePosition] = [:]
    var isGood = true
    for (value, place) in zip(values, places) {
      guard let earlier = seen.updateValue(place.node.position, forKey: value) else { continue }
      isGood = false
      report(
        .duplicate, at: place, "\(value.quoted) stands twice, first on line \(earlier.line)", remedy: "keep one of them"
      )
    }
    return isGood
  }
}
