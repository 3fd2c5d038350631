/// Where a node of the coordination tree is: `/`, or `/a/b`. A component has 1 to 200 bytes of `A-Z a-z 0-9 . _ ~ + = , -`
/// and is neither `.` nor `..`, so that every backend can hold it as it is.
package struct NodePath: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The whole path, with its leading slash.
  package let string: String

  /// Bytes are looked at, and not characters, as these take far longer to find.
  private static let slash = UInt8(ascii: "/")

  package static let root = NodePath(unchecked: "/")

  /// Parses an absolute path. A path that breaks the rule is a mistake in the program, not in its input: names that come
  /// from outside are validated by their own types first.
  package init(_ string: String) {
    precondition(string == "/" || NodePath.isPath(string), "not a node path: \(string)")
    self.string = string
  }

  private init(unchecked string: String) {
    self.string = string
  }

  /// The child of this node with the given name.
  package func appending(_ component: String) -> NodePath {
    precondition(NodePath.isComponent(component), "not a node name: \(component)")
    return NodePath(unchecked: self == .root ? "/\(component)" : "\(string)/\(component)")
  }

  /// The node above, or `nil` for the root.
  package var parent: NodePath? {
    guard self != .root, let slash = string.utf8.lastIndex(of: NodePath.slash) else { return nil }
    return slash == string.startIndex ? .root : NodePath(unchecked: String(string[..<slash]))
  }

  /// The last component; empty for the root.
  package var name: String {
    guard let slash = string.utf8.lastIndex(of: NodePath.slash) else { return string }
    return String(string[string.utf8.index(after: slash)...])
  }

  package var description: String { string }

  package static func < (left: NodePath, right: NodePath) -> Bool { left.string < right.string }

  package static func / (path: NodePath, component: String) -> NodePath { path.appending(component) }

  /// Whether a text may stand as one component of a path.
  package static func isComponent(_ text: String) -> Bool {
    var component = Component()
    for byte in text.utf8 { component.add(byte) }
    return component.isAllowed
  }

  /// Whether it is a slash and a component, once or more often.
  private static func isPath(_ text: String) -> Bool {
    var bytes = text.utf8.makeIterator()
    guard bytes.next() == slash else { return false }
    var component = Component()
    while let byte = bytes.next() {
      if byte != slash {
        component.add(byte)
      } else if component.isAllowed {
        component = Component()
      } else {
        return false
      }
    }
    return component.isAllowed
  }

  /// A component that is looked at byte by byte: every path that is made goes through here, on every step of a build.
  private struct Component {
    private var count = 0
    private var dots = 0
    private var hasOthers = false

    var isAllowed: Bool { !hasOthers && (1...200).contains(count) && !(dots == count && count <= 2) }

    mutating func add(_ byte: UInt8) {
      count += 1
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "+"),
        UInt8(ascii: "="), UInt8(ascii: ","), UInt8(ascii: "-"):
        break
      case UInt8(ascii: "."): dots += 1
      default: hasOthers = true
      }
    }
  }
}
