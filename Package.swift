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
  dependencies: [
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0")
  ],
  targets: [
    // Pure values, and the pure reducer that advances a build. No I/O.
    .target(name: "Model", swiftSettings: strict),
    // What is in motion: a small tree of versioned nodes, and the recipes written on it once.
    .target(name: "Coordination", dependencies: ["Model"], swiftSettings: strict),
    // What lasts: blobs and ordered indexes.
    .target(name: "ObjectStorage", dependencies: ["Model"], swiftSettings: strict),
    // Coordination for one machine: a file that several processes share.
    .target(
      name: "SQLiteCoordination",
      dependencies: ["Coordination", .product(name: "GRDB", package: "GRDB.swift")],
      swiftSettings: strict),
    // Coordination for a cluster: Apache ZooKeeper, through its C client.
    .systemLibrary(name: "CZooKeeper"),
    .target(
      name: "ZooKeeperCoordination", dependencies: ["CZooKeeper", "Coordination", "Model"], swiftSettings: strict),
    // Test support: stores named by URL.
    .target(
      name: "TestStores", dependencies: ["Coordination", "SQLiteCoordination", "ZooKeeperCoordination"],
      path: "Tests/TestStores", swiftSettings: strict),
    // Test support: another process at a store, which tests may kill.
    .executableTarget(
      name: "store-probe", dependencies: ["Coordination", "TestStores"], path: "Tests/StoreProbe",
      swiftSettings: strict),
    // One suite over every coordination backend.
    .testTarget(
      name: "CoordinationTests",
      dependencies: [
        "Coordination", "SQLiteCoordination", "ZooKeeperCoordination", "TestStores", "store-probe",
        .product(name: "GRDB", package: "GRDB.swift"),
      ],
      swiftSettings: strict),
    // What is particular to ZooKeeper: connections lost and found.
    .testTarget(
      name: "ZooKeeperCoordinationTests", dependencies: ["ZooKeeperCoordination", "Coordination", "Model"],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
