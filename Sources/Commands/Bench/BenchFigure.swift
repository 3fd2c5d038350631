import Foundation

/// One line of the report.
struct BenchFigure: Hashable, Sendable {
  let row: BenchRow
  let name: String
  let value: Double
  let unit: String
  /// What the raw primitives of the same store took, or did, in the same run.
  let primitive: Double?
  let target: BenchTarget?

  init(
    _ row: BenchRow, _ name: String, _ value: Double, _ unit: String, primitive: Double? = nil,
    target: BenchTarget? = nil
  ) {
    self.row = row
    self.name = name
    self.value = value
    self.unit = unit
    self.primitive = primitive
    self.target = target
  }

  var ratio: Double? { primitive.flatMap { $0 > 0 ? value / $0 : nil } }
  var isMet: Bool? { target.flatMap { $0.isMet(figure: value, ratio: ratio) } }

  /// Three digits that mean something, and no more.
  static func text(_ value: Double) -> String {
    let digits =
      switch abs(value) {
      case 0, 100...: 0
      case 10...: 1
      default: 2
      }
    let text = String(format: "%.\(digits)f", locale: Locale(identifier: "en_US_POSIX"), value)
    guard text.contains(".") else { return text }
    return String(text.reversed().drop { $0 == "0" }.drop { $0 == "." }.reversed())
  }
}

extension BenchFigure: Encodable {
  private enum CodingKeys: String, CodingKey {
    case row, name, value, unit, primitive, ratio, target, met
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(row.rawValue, forKey: .row)
    try container.encode(name, forKey: .name)
    try container.encode(value, forKey: .value)
    try container.encode(unit, forKey: .unit)
    try container.encodeIfPresent(primitive, forKey: .primitive)
    try container.encodeIfPresent(ratio, forKey: .ratio)
    try container.encodeIfPresent(target?.text, forKey: .target)
    try container.encodeIfPresent(isMet, forKey: .met)
  }
}
