// swift-tools-version: 6.2

import PackageDescription

/// Settings of every Swift target: the strictest that the compiler offers, so that what is unsafe stays visible and in
/// its own room.
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

/// The rooms, lowest first: a target may import only what stands above it in this list.
let package = Package(
  name: "distci",
  targets: [
    // Pure values, and the pure reducer that advances a build. No I/O.
    .target(name: "Model", swiftSettings: strict),
    // What is in motion: a small tree of versioned nodes, and the recipes written on it once.
    .target(name: "Coordination", dependencies: ["Model"], swiftSettings: strict),
    // What lasts: blobs and ordered indexes.
    .target(name: "ObjectStorage", dependencies: ["Model"], swiftSettings: strict),
    // One backend each: the only rooms that import the C library or the database.
    .systemLibrary(name: "CZooKeeper"),
    .target(
      name: "ZooKeeperCoordination", dependencies: ["CZooKeeper", "Coordination", "Model"], swiftSettings: strict),
    .testTarget(
      name: "ZooKeeperCoordinationTests", dependencies: ["ZooKeeperCoordination", "Coordination", "Model"],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
