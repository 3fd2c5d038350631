package import Model

extension NodeMap {
  package static let sightings = NodePath.root / "seen"

  /// When a worker of a kind was there last; its children say the same of each label.
  package static func sighting(_ kind: TaskKind) -> NodePath { sightings / kind.rawValue }
  package static func sighting(_ kind: TaskKind, _ label: Label) -> NodePath { sighting(kind) / label.rawValue }
}
