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

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let http: [Target.Dependency] = [
  .product(name: "Hummingbird", package: "hummingbird"), .product(name: "HummingbirdCore", package: "hummingbird"),
  .product(name: "HTTPTypes", package: "swift-http-types"), .product(name: "NIOCore", package: "swift-nio"),
]
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
/// The C interface of the SQLite that GRDB uses.
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")

/// The rooms, lowest first: a target may import only what stands above it in this list.
let package = Package(
  name: "distci",
  products: [
    .executable(name: "distci", targets: ["distci"]),
    .executable(name: "distci-runner", targets: ["distci-runner"]),
  ],
  dependencies: [
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
  ],
  targets: [
    // Pure values, and the pure reducer that advances a build. No I/O.
    .target(name: "Model", swiftSettings: strict),
    // Threads that may wait a little for the disk of their own machine.
    .target(name: "LocalThreads", swiftSettings: strict),
    // What is in motion: a small tree of versioned nodes, and the recipes written on it once.
    .target(name: "Coordination", dependencies: ["Model"], swiftSettings: strict),
    // What lasts: blobs and ordered indexes.
    .target(name: "ObjectStorage", dependencies: ["Model", crypto], swiftSettings: strict),

    // What the two stores on SQLite run all the time, with as little of GRDB around it as there may be.
    .target(name: "SQLiteQueries", dependencies: [grdb, sqlite], swiftSettings: strict),

    // One backend each; nothing above knows which is in use. SQLite and files for one machine, ZooKeeper and Ceph RADOS
    // for a cluster.
    .target(
      name: "SQLiteCoordination", dependencies: ["LocalThreads", "Coordination", "SQLiteQueries", grdb],
      swiftSettings: strict),
    .systemLibrary(name: "CZooKeeper"),
    .target(
      name: "ZooKeeperCoordination", dependencies: ["Model", "Coordination", "CZooKeeper"], swiftSettings: strict),
    .target(
      name: "FileObjectStorage", dependencies: ["LocalThreads", "ObjectStorage", "SQLiteQueries", grdb],
      swiftSettings: strict),
    .systemLibrary(name: "CRados"),
    .target(name: "RadosObjectStorage", dependencies: ["ObjectStorage", "CRados"], swiftSettings: strict),

    // The only place that knows what is stored where.
    .target(
      name: "SharedRepository", dependencies: ["Model", "LocalThreads", "Coordination", "ObjectStorage", crypto],
      swiftSettings: strict),

    // Running an untrusted command: process tree, limits, output capture. `CExecution` holds the wire format shared with
    // the runner, the process table, and the calls that Swift cannot import.
    .target(name: "CExecution", cSettings: strictC),
    .target(name: "Execution", dependencies: ["CExecution"], swiftSettings: strict),
    // One per running command: a worker is too fat to fork, and the tree must die even when the worker is killed.
    .executableTarget(
      name: "distci-runner", dependencies: ["CExecution"], cSettings: strictC,
      // Static, because its start-up is paid before the first instruction of every command.
      linkerSettings: [.unsafeFlags(["-static-executable", "-nostartfiles"])]),

    // Measuring: clocks, distributions, what processes use. The stamp is the command of the builds that the bench runs;
    // static, as it tells when its first instruction ran.
    .target(name: "Measurement", swiftSettings: strict),
    .executableTarget(
      name: "distci-stamp", cSettings: strictC,
      linkerSettings: [.unsafeFlags(["-static-executable", "-nostartfiles"])]),

    // One loop for every slot, and one folder for every kind of ticket.
    .target(
      name: "Workers",
      dependencies: [
        "Model", "LocalThreads", "Coordination", "ObjectStorage", "SharedRepository", "Execution", crypto, logging,
        subprocess, system,
      ], swiftSettings: strict),

    // HTTP: the API, the webhooks, the pages. Decides nothing.
    .target(
      name: "Frontend",
      dependencies: ["Model", "Coordination", "ObjectStorage", "SharedRepository", crypto, logging, serviceLifecycle]
        + http,
      resources: [.embedInCode("Pages")], swiftSettings: strict),

    // The command line, one file per command, and the composition root.
    .target(
      name: "Commands",
      dependencies: [
        "Model", "LocalThreads", "Coordination", "ObjectStorage", "SQLiteCoordination", "ZooKeeperCoordination",
        "FileObjectStorage",
        "RadosObjectStorage", "SharedRepository", "Execution", "Measurement", "Workers", "Frontend", argumentParser,
        crypto,
        logging, serviceLifecycle, signals,
      ], swiftSettings: strict),
    .executableTarget(
      name: "distci", dependencies: ["Commands", "distci-runner", "distci-stamp"], swiftSettings: strict),

    .testTarget(name: "ModelTests", dependencies: ["Model", "Measurement"], swiftSettings: strict),
    // Tests name every room that they import, also those that come with another: else SwiftPM does not compile them anew
    // when that one changes, and they do not link.
    .testTarget(
      name: "ExecutionTests", dependencies: ["CExecution", "Execution", "distci-runner"], swiftSettings: strict),
    .testTarget(name: "SQLiteQueriesTests", dependencies: ["SQLiteQueries", grdb], swiftSettings: strict),
    // One suite for every coordination store; the probe is a process that the suite kills.
    .target(
      name: "TestStores",
      dependencies: [
        "Coordination", "ObjectStorage", "SQLiteCoordination", "ZooKeeperCoordination", "FileObjectStorage",
        "RadosObjectStorage",
      ], path: "Tests/TestStores", swiftSettings: strict),
    .executableTarget(
      name: "store-probe", dependencies: ["Coordination", "TestStores"], path: "Tests/StoreProbe", swiftSettings: strict
    ),
    .testTarget(
      name: "CoordinationTests",
      dependencies: [
        "Measurement", "LocalThreads", "Coordination", "SQLiteCoordination", "ZooKeeperCoordination", "TestStores",
        "store-probe", grdb,
      ], swiftSettings: strict),
    // Stands between clients and ZooKeeper, and loses connections just when it is told to.
    .target(name: "TestProxy", dependencies: ["ObjectStorage"], path: "Tests/TestProxy", swiftSettings: strict),
    // What is particular to ZooKeeper: connections lost and found.
    .testTarget(
      name: "ZooKeeperCoordinationTests",
      dependencies: ["Model", "Measurement", "Coordination", "ZooKeeperCoordination", "TestProxy"],
      swiftSettings: strict),
    // One suite for every object store; the probe is a process that the suite kills.
    .executableTarget(
      name: "object-probe", dependencies: ["ObjectStorage", "FileObjectStorage", "RadosObjectStorage"],
      path: "Tests/ObjectProbe", swiftSettings: strict),
    .testTarget(
      name: "ObjectStorageTests",
      dependencies: ["ObjectStorage", "FileObjectStorage", "RadosObjectStorage", "object-probe", grdb],
      swiftSettings: strict),
    .testTarget(
      name: "WorkersTests",
      dependencies: [
        "Model", "Measurement", "Coordination", "ObjectStorage", "SQLiteCoordination", "FileObjectStorage",
        "SharedRepository", "Execution", "Workers", "distci-runner",
      ], swiftSettings: strict),
    .testTarget(
      name: "FrontendTests",
      dependencies: [
        "Model", "Coordination", "ObjectStorage", "SQLiteCoordination", "FileObjectStorage", "SharedRepository",
        "Frontend", crypto, logging, serviceLifecycle,
      ] + http, swiftSettings: strict),
    .testTarget(
      name: "CommandsTests",
      dependencies: [
        "Model", "Coordination", "Commands", "distci", "distci-runner", "distci-stamp", argumentParser, crypto,
      ],
      swiftSettings: strict),
    .testTarget(name: "MeasurementTests", dependencies: ["Measurement", "distci-stamp"], swiftSettings: strict),
    // The whole system over both pairs of stores, with workers that do as the test tells them.
    .testTarget(
      name: "DispatchTests",
      dependencies: [
        "Measurement", "Model", "Coordination", "ObjectStorage", "SharedRepository", "Execution", "Workers", "Frontend",
        "TestStores", "distci-runner", logging,
      ],
      swiftSettings: strict),
    // The real processes on simulated stores and simulated time, all on one thread, in an order that follows from a seed;
    // `CSimulation` takes the place of the Swift runtime's executor and of its random numbers.
    .target(name: "CSimulation", path: "Tests/CSimulation", cSettings: strictC),
    .target(
      name: "Simulation",
      dependencies: [
        "CSimulation", "Model", "Coordination", "ObjectStorage", "SharedRepository", "Workers", "Measurement", logging,
      ], path: "Tests/Simulation", swiftSettings: strict + [.unsafeFlags(["-O"])]),
    .executableTarget(
      name: "distci-sim", dependencies: ["Simulation", argumentParser], path: "Tests/DistCISim", swiftSettings: strict),
    .testTarget(
      name: "SimulationTests",
      dependencies: [
        "distci-sim", "Simulation", "Measurement", "Coordination", "ObjectStorage", "SQLiteCoordination",
        "ZooKeeperCoordination",
        "TestStores",
      ], swiftSettings: strict),
    // The programs as users have them, processes of their own that the tests stop and kill, over both pairs of stores.
    .testTarget(
      name: "TrialTests",
      dependencies: [
        "distci", "distci-runner", "Model", "Coordination", "ObjectStorage", "SharedRepository", "Measurement",
        "TestProxy", "TestStores", crypto,
      ], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)

// DISTCI_TARGETS trims the package to a few targets and what these need: `DISTCI_TARGETS=ModelTests swift test` builds
// neither stores nor HTTP. Where all is built anew for one purpose, as under the thread sanitizer, that saves minutes.
if let names = Context.environment["DISTCI_TARGETS"], !names.isEmpty {
  package.keepOnly(names.split(separator: " ").map(String.init))
}

extension Package {
  func keepOnly(_ roots: [String]) {
    let unknown = roots.filter { root in !targets.contains { $0.name == root } }
    guard unknown.isEmpty else { fatalError("DISTCI_TARGETS names no targets of this package: \(unknown)") }
    var targetNames = Set(roots)
    var packageNames = Set<String>()
    // The list has every target after those that it depends on.
    for target in targets.reversed() where targetNames.contains(target.name) {
      for dependency in target.dependencies {
        switch dependency {
        case .targetItem(let name, _), .byNameItem(let name, _): targetNames.insert(name)
        case .productItem(_, let package, _, _): packageNames.formUnion(package.map { [$0] } ?? [])
        @unknown default: fatalError("this manifest does not know such a dependency: \(dependency)")
        }
      }
    }
    targets.removeAll { !targetNames.contains($0.name) }
    products = []
    dependencies.removeAll { dependency in
      guard case .sourceControl(_, let location, _) = dependency.kind else { return false }
      return !packageNames.contains { location.hasSuffix("/" + $0) }
    }
  }
}
