/// The positions in a glob that can have been reached: all are followed at once, so no pattern makes the matcher go back.
struct GlobStates {
  private let elements: [GlobElement]
  private var reached: [Bool]
  private var following: [Bool]
  private(set) var isDead = false

  init(_ elements: [GlobElement]) {
    self.elements = elements
    reached = Array(repeating: false, count: elements.count + 1)
    following = reached
    Self.reach(0, in: &reached, elements)
  }

  var isAccepting: Bool { reached[elements.count] }

  mutating func step(over scalar: Unicode.Scalar) {
    for index in following.indices { following[index] = false }
    isDead = true
    for (index, element) in elements.enumerated() where reached[index] {
      switch element {
      case .literal(let literal): if scalar == literal { advance(to: index + 1) }
      case .one: if scalar != "/" { advance(to: index + 1) }
      case .set(let ranges, let negated):
        if scalar != "/", ranges.contains(where: { $0.contains(scalar) }) != negated { advance(to: index + 1) }
      case .star: if scalar != "/" { advance(to: index) }
      case .doubleStar: advance(to: index)
      case .directories: break
      case .insideDirectories:
        advance(to: index)
        if scalar == "/" { advance(to: index + 1) }
      }
    }
    swap(&reached, &following)
  }

  private mutating func advance(to index: Int) {
    isDead = false
    Self.reach(index, in: &following, elements)
  }

  /// Marks a position, and those that follow from it without a character.
  private static func reach(_ start: Int, in states: inout [Bool], _ elements: [GlobElement]) {
    var index = start
    while !states[index] {
      states[index] = true
      guard index < elements.count else { return }
      switch elements[index] {
      case .star, .doubleStar: index += 1
      case .directories:
        states[index + 1] = true
        index += 2
      case .literal, .one, .set, .insideDirectories: return
      }
    }
  }
}
