/// What a figure should be.
enum BenchTarget: Hashable, Sendable {
  case ratioAtMost(Double)
  case ratioAtLeast(Double)
  case figureAtMost(Double)

  /// Whether it is met; `nil` without a figure to judge by.
  func isMet(figure: Double, ratio: Double?) -> Bool? {
    switch self {
    case .ratioAtMost(let limit): ratio.map { $0 <= limit }
    case .ratioAtLeast(let limit): ratio.map { $0 >= limit }
    case .figureAtMost(let limit): figure <= limit
    }
  }

  var text: String {
    switch self {
    case .ratioAtMost(let limit): "≤ \(BenchFigure.text(limit)) ×"
    case .ratioAtLeast(let limit): "≥ \(BenchFigure.text(limit)) ×"
    case .figureAtMost(let limit): "≤ \(BenchFigure.text(limit))"
    }
  }
}
