extension NodeMap {
  package static let joins = NodePath.root / "joins"

  package static func joinBucket(_ digest: String) -> NodePath { joins / String(digest.prefix(2)) }
  /// - Parameter digest: in hexadecimal, of what is started, what is waited for, and the commit.
  package static func join(_ digest: String) -> NodePath { joinBucket(digest) / digest }
}
