import Foundation
import Testing

@testable import Workers

/// Attempts must not see anything of one another: a folder is used again only if nobody has touched it.
@Suite("The folder of an attempt")
struct SpareFoldersTests {
  private typealias Disturbance = @Sendable (AttemptFolder) throws -> Void

  private static let disturbances: [(String, Disturbance)] = [
    ("a file in its workspace", { try Data().write(to: URL(fileURLWithPath: $0.workspace + "/file")) }),
    (
      "a file that came and went",
      { folder in
        try Data().write(to: URL(fileURLWithPath: folder.home + "/file"))
        try FileManager.default.removeItem(atPath: folder.home + "/file")
      }
    ),
    (
      "a directory",
      { try FileManager.default.createDirectory(atPath: $0.temporary + "/sub", withIntermediateDirectories: false) }
    ),
    ("other permissions", { try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: $0.own) }),
    (
      "another directory of the same name",
      { folder in
        try FileManager.default.removeItem(atPath: folder.home)
        try FileManager.default.createDirectory(atPath: folder.home, withIntermediateDirectories: false)
      }
    ),
    ("a directory that is gone", { try FileManager.default.removeItem(atPath: $0.temporary) }),
  ]

  private func withScratch(_ body: (ScratchDirectory, String) async throws -> Void) async throws {
    let path = NSTemporaryDirectory() + "spares-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: path) }
    try await body(ScratchDirectory(path, spares: 1), path)
  }

  /// Attempts that touch nothing, until one gets a folder that was ready.
  private func settle(_ scratch: ScratchDirectory) async throws -> String {
    var last = ""
    try await eventually("a folder is used again") {
      try await scratch.withFolder { folder in
        defer { last = folder.path }
        return folder.path == last
      }
    }
    return last
  }

  @Test("is used again when nothing was done to it")
  func untouched() async throws {
    try await withScratch { scratch, path in
      let folder = try await settle(scratch)
      #expect(try await scratch.withFolder { $0.path } == folder)
      await scratch.removeSpares()
      #expect(try FileManager.default.contentsOfDirectory(atPath: path) == [])
    }
  }

  @Test("is removed whatever was done to it", arguments: disturbances.indices)
  func touched(_ index: Int) async throws {
    let (what, disturb) = Self.disturbances[index]
    try await withScratch { scratch, _ in
      let first = try await settle(scratch)
      try await scratch.withFolder { folder in
        #expect(folder.path == first)
        try disturb(folder)
      }
      #expect(!FileManager.default.fileExists(atPath: first), "\(what)")
      try await scratch.withFolder { folder in
        #expect(folder.path != first, "\(what)")
        for directory in [folder.workspace, folder.home, folder.temporary, folder.own] {
          let names = try FileManager.default.contentsOfDirectory(atPath: directory)
          #expect(names == [], "\(what)")
        }
      }
      await scratch.removeSpares()
    }
  }

  @Test("is not used when somebody touched it while it was kept ready")
  func touchedMeanwhile() async throws {
    try await withScratch { scratch, _ in
      let first = try await settle(scratch)
      try Data().write(to: URL(fileURLWithPath: first + "/workspace/planted"))
      try await scratch.withFolder { folder in
        #expect(folder.path != first)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.workspace)
        #expect(names == [])
      }
      await scratch.removeSpares()
    }
  }
}
