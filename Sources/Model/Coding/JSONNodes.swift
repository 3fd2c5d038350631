/// The parts of a value on its way to JSON text, each with its own text, in the order in which they will stand.
struct JSONNodes {
  enum Kind {
    case nothing
    case text
    case list
    case object
  }

  private struct Node {
    var kind = Kind.nothing
    var key: String
    /// Children, linked in their order: those of an object sorted by their keys.
    var first = -1
    var last = -1
    var next = -1
    var count = 0
    var text = 0..<0
  }

  static let root = 0
  /// Beyond so many keys, finding a key's place one by one takes too long.
  private static let mostKeys = 64

  private var nodes = [Node(key: "")]
  private var texts: [UInt8] = []
  var isUnusual = false

  init() {
    nodes.reserveCapacity(64)
    texts.reserveCapacity(1_024)
  }

  // MARK: Growing

  mutating func begin(_ kind: Kind, at node: Int) {
    if nodes[node].kind == .nothing { nodes[node].kind = kind } else if nodes[node].kind != kind { isUnusual = true }
  }

  func count(at node: Int) -> Int { nodes[node].count }

  /// Adds an element to a list.
  mutating func add(to list: Int) -> Int {
    let child = nodes.count
    nodes.append(Node(key: ""))
    link(child, after: nodes[list].last, in: list)
    return child
  }

  /// Adds a member to an object.
  mutating func add(_ key: String, to object: Int) -> Int {
    let child = nodes.count
    nodes.append(Node(key: key))
    var before = -1
    if nodes[object].last >= 0, nodes[nodes[object].last].key < key {
      before = nodes[object].last
    } else {
      var next = nodes[object].first
      while next >= 0, nodes[next].key < key { (before, next) = (next, nodes[next].next) }
      if next >= 0, nodes[next].key == key { isUnusual = true }
    }
    link(child, after: before, in: object)
    if nodes[object].count > Self.mostKeys { isUnusual = true }
    return child
  }

  private mutating func link(_ child: Int, after before: Int, in parent: Int) {
    if before < 0 {
      nodes[child].next = nodes[parent].first
      nodes[parent].first = child
    } else {
      nodes[child].next = nodes[before].next
      nodes[before].next = child
    }
    if nodes[child].next < 0 { nodes[parent].last = child }
    nodes[parent].count += 1
  }

  // MARK: Values

  mutating func put(_ flag: Bool, at node: Int) { put(at: node) { $0 += flag ? Self.yes : Self.no } }

  mutating func putNull(at node: Int) { put(at: node) { $0 += Self.null } }

  mutating func put(_ text: String, at node: Int) { put(at: node) { Self.quote(text, into: &$0) } }

  mutating func put(_ number: Int, at node: Int) {
    put(at: node) { texts in
      if number < 0 { texts.append(UInt8(ascii: "-")) }
      let start = texts.count
      var rest = number.magnitude
      repeat {
        texts.append(UInt8(ascii: "0") + UInt8(rest % 10))
        rest /= 10
      } while rest > 0
      texts[start...].reverse()
    }
  }

  /// Puts what is JSON text already.
  mutating func put(text: [UInt8], at node: Int) { put(at: node) { $0 += text } }

  private mutating func put(at node: Int, _ write: (inout [UInt8]) -> Void) {
    begin(.text, at: node)
    if !nodes[node].text.isEmpty { isUnusual = true }
    let start = texts.count
    write(&texts)
    nodes[node].text = start..<texts.count
  }

  // MARK: Text

  private static let yes = Array("true".utf8)
  private static let no = Array("false".utf8)
  private static let null = Array("null".utf8)
  private static let digits = Array("0123456789abcdef".utf8)

  /// The text of the whole; `nil` when Foundation must write it.
  mutating func text() -> [UInt8]? {
    var text: [UInt8] = []
    text.reserveCapacity(texts.count + 24 * nodes.count)
    write(Self.root, into: &text)
    return isUnusual ? nil : text
  }

  private mutating func write(_ node: Int, into text: inout [UInt8]) {
    switch nodes[node].kind {
    case .nothing: isUnusual = true
    case .text: text += texts[nodes[node].text]
    case .list:
      text.append(UInt8(ascii: "["))
      writeChildren(of: node, into: &text)
      text.append(UInt8(ascii: "]"))
    case .object:
      text.append(UInt8(ascii: "{"))
      writeChildren(of: node, into: &text)
      text.append(UInt8(ascii: "}"))
    }
  }

  private mutating func writeChildren(of node: Int, into text: inout [UInt8]) {
    let isObject = nodes[node].kind == .object
    var child = nodes[node].first
    while child >= 0 {
      if child != nodes[node].first { text.append(UInt8(ascii: ",")) }
      if isObject {
        // Others may be sorted in several ways.
        if !Self.quote(nodes[child].key, into: &text) { isUnusual = true }
        text.append(UInt8(ascii: ":"))
      }
      write(child, into: &text)
      child = nodes[child].next
    }
  }

  /// - Returns: whether it is ASCII.
  @discardableResult
  private static func quote(_ string: String, into text: inout [UInt8]) -> Bool {
    var bits: UInt8 = 0
    text.append(UInt8(ascii: "\""))
    defer { text.append(UInt8(ascii: "\"")) }
    if string.utf8.allSatisfy({ isPlain($0) }) {
      text.append(contentsOf: string.utf8)
      return true
    }
    for byte in string.utf8 {
      bits |= byte
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): text += [UInt8(ascii: "\\"), byte]
      case 0x20...: text.append(byte)
      case 0x08: text += [UInt8(ascii: "\\"), UInt8(ascii: "b")]
      case 0x09: text += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
      case 0x0A: text += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
      case 0x0C: text += [UInt8(ascii: "\\"), UInt8(ascii: "f")]
      case 0x0D: text += [UInt8(ascii: "\\"), UInt8(ascii: "r")]
      default: text += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return bits < 0x80
  }

  /// Whether it stands for itself, and is ASCII.
  private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte < 0x80 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }
}
