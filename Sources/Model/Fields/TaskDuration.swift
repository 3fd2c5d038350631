/// Spans of time as job files write them: `90s`, `20m`, `2h`, `30d`.
package enum TaskDuration {
  /// In seconds: a second to 30 days.
  package static let range = 1...2_592_000

  private static let units: [(letter: Character, seconds: Int)] = [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)]

  /// Returns the number of seconds.
  package static func seconds(
    _ text: String, in range: ClosedRange<Int> = range
  ) throws(ValidationError) -> Int {
    let digits = text.dropLast()
    guard let unit = units.first(where: { $0.letter == text.last }), !digits.isEmpty,
      digits.utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else {
      throw ValidationError(
        "\(text.quoted) is not a duration", remedy: "write a whole number and a unit, such as 90s, 20m, 2h or 30d")
    }
    guard let count = Int(digits), count <= range.upperBound, range.contains(count * unit.seconds) else {
      throw ValidationError(
        "the duration \(text.quoted) is out of range",
        remedy: "\(Self.text(range.lowerBound)) is the least and \(Self.text(range.upperBound)) the most")
    }
    return count * unit.seconds
  }

  /// The shortest way to write a number of seconds.
  package static func text(_ seconds: Int) -> String {
    guard let unit = units.first(where: { seconds % $0.seconds == 0 }) else { return "\(seconds)s" }
    return "\(seconds / unit.seconds)\(unit.letter)"
  }
}
