extension NodeMap {
  package static let pulls = NodePath.root / "pulls"

  /// - Parameter digest: in hexadecimal, of the repository's name.
  package static func pulls(of digest: String) -> NodePath { pulls / HashBucket.name(of: digest) / digest }
  package static func pull(of digest: String, _ number: Int) -> NodePath { pulls(of: digest) / String(number) }
}
