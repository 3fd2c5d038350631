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

/// Settings of every C target.
let strictC: [CSetting] = [.unsafeFlags(["-std=gnu17", "-O2", "-Wall", "-Wextra", "-Werror"])]

/// The rooms, lowest first: a target may import only what stands above it in this list.
let package = Package(
  name: "distci",
  targets: [
    // Running an untrusted command: process tree, limits, output capture. `CExecution` holds the wire format shared with
    // the runner, the process table, and the calls that Swift cannot import.
    .target(name: "CExecution", cSettings: strictC),
    .target(name: "Execution", dependencies: ["CExecution"], swiftSettings: strict),
    // One per running command: a worker is too fat to fork, and the tree must die even when the worker is killed.
    .executableTarget(
      name: "distci-runner",
      dependencies: ["CExecution"],
      cSettings: strictC,
      // Static, because its start-up is paid before the first instruction of every command.
      linkerSettings: [.unsafeFlags(["-static-executable", "-nostartfiles"])]
    ),
    .testTarget(
      name: "ExecutionTests",
      dependencies: ["Execution", "CExecution", "distci-runner"],
      swiftSettings: strict
    ),
  ],
  swiftLanguageModes: [.v6]
)
