/// Compiles the text of a glob.
struct GlobParser {
  private let scalars: [Unicode.Scalar]
  private var index = 0
  private var elements: [GlobElement] = []

  static func elements(of pattern: String) throws(ValidationError) -> [GlobElement] {
    var parser = GlobParser(scalars: Array(pattern.unicodeScalars))
    while parser.index < parser.scalars.count { try parser.readElement() }
    return parser.elements
  }

  private init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

  private mutating func readElement() throws(ValidationError) {
    let scalar = scalars[index]
    index += 1
    switch scalar {
    case "?": elements.append(.one)
    case "*": readStars()
    case "[": elements.append(try readSet())
    case "\\":
      guard index < scalars.count else {
        throw ValidationError("the glob ends in a backslash", remedy: "write \\\\ for a backslash")
      }
      elements.append(.literal(scalars[index]))
      index += 1
    default: elements.append(.literal(scalar))
    }
  }

  private mutating func readStars() {
    let start = index - 1
    while index < scalars.count, scalars[index] == "*" { index += 1 }
    guard index - start > 1 else { return elements.append(.star) }
    let startsComponent = start == 0 || scalars[start - 1] == "/"
    if startsComponent, index < scalars.count, scalars[index] == "/" {
      index += 1
      elements.append(.directories)
      elements.append(.insideDirectories)
    } else {
      elements.append(.doubleStar)
    }
  }

  private mutating func readSet() throws(ValidationError) -> GlobElement {
    var ranges: [ClosedRange<Unicode.Scalar>] = []
    let negated = index < scalars.count && (scalars[index] == "!" || scalars[index] == "^")
    if negated { index += 1 }
    while index < scalars.count, scalars[index] != "]" || ranges.isEmpty {
      let first = try readMember()
      guard index + 1 < scalars.count, scalars[index] == "-", scalars[index + 1] != "]" else {
        ranges.append(first...first)
        continue
      }
      index += 1
      let last = try readMember()
      guard first <= last else {
        throw ValidationError("the range '\(first)-\(last)' of a glob runs backwards", remedy: "swap its ends")
      }
      ranges.append(first...last)
    }
    guard index < scalars.count else { throw Self.unclosedSet }
    index += 1
    return .set(ranges, negated: negated)
  }

  private mutating func readMember() throws(ValidationError) -> Unicode.Scalar {
    if scalars[index] == "\\" { index += 1 }
    guard index < scalars.count else { throw Self.unclosedSet }
    defer { index += 1 }
    return scalars[index]
  }

  private static let unclosedSet = ValidationError(
    "a '[' of the glob is never closed", remedy: "close it with ']', or write \\[ for the character itself")
}
