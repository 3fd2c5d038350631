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
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
  ],
  targets: [
    // Pure values, and the pure reducer that advances a build. No I/O.
    .target(name: "Model", swiftSettings: strict),
    // What is in motion: a small tree of versioned nodes, and the recipes written on it once.
    .target(name: "Coordination", dependencies: ["Model"], swiftSettings: strict),
    // What lasts: blobs and ordered indexes.
    .target(
      name: "ObjectStorage", dependencies: ["Model", .product(name: "Crypto", package: "swift-crypto")],
      swiftSettings: strict),
    // Objects as files, indexes in SQLite: one machine.
    .target(
      name: "FileObjectStorage", dependencies: ["ObjectStorage", .product(name: "GRDB", package: "GRDB.swift")],
      swiftSettings: strict),
    // Objects in Ceph RADOS: a cluster.
    .systemLibrary(name: "CRados"),
    .target(name: "RadosObjectStorage", dependencies: ["ObjectStorage", "CRados"], swiftSettings: strict),
    // One suite for every object store; the probe is a process that the suite kills.
    .executableTarget(
      name: "object-probe", dependencies: ["ObjectStorage", "FileObjectStorage", "RadosObjectStorage"],
      path: "Tests/ObjectProbe", swiftSettings: strict),
    .testTarget(
      name: "ObjectStorageTests",
      dependencies: [
        "ObjectStorage", "FileObjectStorage", "RadosObjectStorage", "object-probe",
        .product(name: "GRDB", package: "GRDB.swift"),
      ],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
