/// Tasks whose files are dealt out to parts.
extension JobFileReader {
  mutating func split(_ place: JSONPlace) -> Split? {
    guard let object = object(place, .split) else { return nil }
    let into = object["into"].flatMap { self.integer($0, in: JobLimits.parts) }
    let files = object["files"].flatMap { field(.files, $0) }
    let measure: Split.Measure? = object["by"].map { self.word($0) } ?? .time
    guard let into, let files, let measure else { return nil }
    return Split(into: into, files: files, by: measure)
  }
}

extension Split {
  var jsonValue: JSONValue {
    .object([
      .init("into", .integer(into)), .init("files", .string(files)), .init("by", .string(by.rawValue)),
    ])
  }
}
