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
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let http: [Target.Dependency] = [
  .product(name: "Hummingbird", package: "hummingbird"), .product(name: "HummingbirdCore", package: "hummingbird"),
  .product(name: "HTTPTypes", package: "swift-http-types"), .product(name: "NIOCore", package: "swift-nio"),
]
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")

/// The rooms, lowest first: a target may import only what stands above it in this list.
let package = Package(
  name: "distci",
  dependencies: [
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log.git", from: "1.14.0"),
    .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.0.0"),
  ],
  targets: [
    // Pure values, and the pure reducer that advances a build. No I/O.
    .target(name: "Model", swiftSettings: strict),
    // What is in motion: a small tree of versioned nodes, and the recipes written on it once.
    .target(name: "Coordination", dependencies: ["Model"], swiftSettings: strict),
    // What lasts: blobs and ordered indexes.
    .target(name: "ObjectStorage", dependencies: ["Model", crypto], swiftSettings: strict),

    // One backend each; nothing above knows which is in use. Files and SQLite for one machine, Ceph RADOS for a cluster.
    .target(name: "FileObjectStorage", dependencies: ["ObjectStorage", grdb], swiftSettings: strict),
    .target(name: "SQLiteCoordination", dependencies: ["Coordination", grdb], swiftSettings: strict),
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

    // HTTP: API, webhooks and pages. Decides nothing.
    .target(
      name: "Frontend",
      dependencies: ["SharedRepository", "Coordination", "ObjectStorage", "Model", crypto, logging, serviceLifecycle]
        + http,
      resources: [.embedInCode("Pages")], swiftSettings: strict),

    // A real server in the test's own process, over files and SQLite.
    .testTarget(
      name: "FrontendTests",
      dependencies: [
        "Frontend", "SharedRepository", "Coordination", "ObjectStorage", "Model", "FileObjectStorage",
        "SQLiteCoordination", crypto, logging, .product(name: "NIOPosix", package: "swift-nio"),
      ] + http,
      swiftSettings: strict),
    .testTarget(name: "ModelTests", dependencies: ["Model"], swiftSettings: strict),
    .testTarget(name: "ExecutionTests", dependencies: ["Execution", "distci-runner"], swiftSettings: strict),
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
