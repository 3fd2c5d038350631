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

let strictC: [CSetting] = [.unsafeFlags(["-std=gnu17", "-O2", "-Wall", "-Wextra", "-Werror"])]

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")

/// The rooms, lowest first: a target may import only what stands above it in this list.
let package = Package(
  name: "distci",
  dependencies: [
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
  ],
  targets: [
    // Pure values, and the pure reducer that advances a build. No I/O.
    .target(name: "Model", swiftSettings: strict),
    // What is in motion: a small tree of versioned nodes, and the recipes written on it once.
    .target(name: "Coordination", dependencies: ["Model"], swiftSettings: strict),
    // What lasts: blobs and ordered indexes.
    .target(name: "ObjectStorage", dependencies: ["Model", crypto], swiftSettings: strict),

    // One backend each; nothing above knows which is in use. SQLite and files for one machine, ZooKeeper and Ceph RADOS
    // for a cluster.
    .target(name: "SQLiteCoordination", dependencies: ["Coordination", grdb], swiftSettings: strict),
    .systemLibrary(name: "CZooKeeper"),
    .target(name: "ZooKeeperCoordination", dependencies: ["Coordination", "CZooKeeper"], swiftSettings: strict),
    .target(name: "FileObjectStorage", dependencies: ["ObjectStorage", grdb], swiftSettings: strict),
    .systemLibrary(name: "CRados"),
    .target(name: "RadosObjectStorage", dependencies: ["ObjectStorage", "CRados"], swiftSettings: strict),

    // The only place that knows what is stored where.
    .target(
      name: "SharedRepository", dependencies: ["Model", "Coordination", "ObjectStorage", crypto], swiftSettings: strict),

    // Running an untrusted command: process tree, limits, output capture. `CExecution` holds the wire format shared with
    // the runner, the process table, and the calls that Swift cannot import.
    .target(name: "CExecution", cSettings: strictC),
    .target(name: "Execution", dependencies: ["CExecution"], swiftSettings: strict),
    // One per running command: a worker is too fat to fork, and the tree must die even when the worker is killed.
    .executableTarget(
      name: "distci-runner", dependencies: ["CExecution"], cSettings: strictC,
      // Static, because its start-up is paid before the first instruction of every command.
      linkerSettings: [.unsafeFlags(["-static-executable", "-nostartfiles"])]),

    // One loop for every slot, and one folder for every kind of ticket.
    .target(
      name: "Workers",
      dependencies: ["Model", "Coordination", "ObjectStorage", "SharedRepository", "Execution", logging],
      swiftSettings: strict),

    // The command line, one file per command.
    .target(name: "Commands", dependencies: ["Model", argumentParser, crypto], swiftSettings: strict),
    .executableTarget(name: "distci", dependencies: ["Commands"], swiftSettings: strict),

    .testTarget(name: "CommandsTests", dependencies: ["Commands", "Model", crypto], swiftSettings: strict),
    .testTarget(name: "ModelTests", dependencies: ["Model"], swiftSettings: strict),
    .testTarget(name: "ExecutionTests", dependencies: ["Execution", "distci-runner"], swiftSettings: strict),
    // One suite for every coordination store; the probe is a process that the suite kills.
    .target(
      name: "TestStores", dependencies: ["Coordination", "SQLiteCoordination"], path: "Tests/TestStores",
      swiftSettings: strict),
    .executableTarget(
      name: "store-probe", dependencies: ["Coordination", "TestStores"], path: "Tests/StoreProbe", swiftSettings: strict),
    .testTarget(
      name: "CoordinationTests",
      dependencies: ["Coordination", "SQLiteCoordination", "TestStores", "store-probe", grdb], swiftSettings: strict),
    // One suite for every object store; the probe is a process that the suite kills.
    .executableTarget(
      name: "object-probe", dependencies: ["ObjectStorage", "FileObjectStorage", "RadosObjectStorage"],
      path: "Tests/ObjectProbe", swiftSettings: strict),
    .testTarget(
      name: "ObjectStorageTests",
      dependencies: ["ObjectStorage", "FileObjectStorage", "RadosObjectStorage", "object-probe"],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
