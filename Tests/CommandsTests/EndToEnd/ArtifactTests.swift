import Crypto
import Foundation
import Model
import Testing

@testable import Commands

@Suite(.timeLimit(.minutes(2))) struct ArtifactTests {
  private static let content = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 * 7) }

  /// A server with one artifact that sends at most so many bytes of it in one answer.
  private func server(
    path: String = "dist/app", sha256: String? = nil, cutAfter: Int = .max, ranges: Bool = true
  ) throws -> ScriptedServer {
    let real = SHA256.hash(data: Self.content).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    let listing = [
      ArtifactView(
        path: path, size: Self.content.count, sha256: sha256 ?? real, mode: "755", task: try TaskName("publish"))
    ]
    return try ScriptedServer { request, server in
      guard request.target.contains("/artifacts/") else { return .json(listing) }
      let range = request.headers["range"].flatMap { Int($0.dropFirst("bytes=".count).dropLast()) } ?? 0
      let rest = Array(Self.content[(ranges ? range : 0)...])
      // Without ranges, each answer gets further than the one before.
      let most = ranges || cutAfter == .max ? cutAfter : cutAfter * server.requests.count
      let status = ranges && range > 0 ? 206 : 200
      guard rest.count > most else { return .whole(status: status, rest) }
      return .cut(status: status, Array(rest.prefix(most)), of: rest.count)
    }
  }

  private func inFolder(_ body: (String) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.path + "/distci-test-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await body(folder)
  }

  private func isWhole(_ path: String) -> Bool { FileManager.default.contents(atPath: path) == Data(Self.content) }

  private func get(_ folder: String, _ server: ScriptedServer) async -> CommandRun {
    await CommandRun(["artifact", "get", "library/12", "dist/app", "--output", folder], on: server)
  }

  @Test func `what has expired is named with the time, and is not asked for`() async throws {
    let time = Timestamp(milliseconds: 1_700_000_000_000)
    let listing = [
      ArtifactView(
        path: "dist/app", size: 1, sha256: "ab", mode: "755", task: try TaskName("publish"), expired: InstantText(time)),
      ArtifactView(
        path: "dist/kept", size: 1, sha256: "cd", mode: "755", task: try TaskName("publish"), expires: InstantText(time)
      ),
    ]
    let server = try ScriptedServer { _, _ in .json(listing) }
    defer { server.stop() }
    let list = await CommandRun(["artifact", "list", "library/12"], on: server)
    #expect(list.text.contains("expired 2023-11-14 22:13:20 ") && list.text.contains("until 2023-11-14 22:13:20 "))
    try await inFolder { (folder: String) async throws in
      let run = await get(folder, server)
      #expect(run.status == .failed && run.errors.contains("expired at \(time.text)"), "\(run.errors)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
    }
    #expect(server.requests.allSatisfy { $0.target.hasSuffix("/artifacts") })
  }

  @Test func `an artifact arrives whole and may be executed if it might before`() async throws {
    let server = try server()
    defer { server.stop() }
    try await inFolder { (folder: String) async throws in
      #expect(await get(folder, server).status == .good)
      #expect(isWhole(folder + "/app"))
      #expect(FileManager.default.isExecutableFile(atPath: folder + "/app"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["app"])
    }
  }

  @Test(arguments: [true, false])
  func `a transfer that is cut off goes on`(_ ranges: Bool) async throws {
    let server = try server(cutAfter: 70_000, ranges: ranges)
    defer { server.stop() }
    try await inFolder { (folder: String) async throws in
      #expect(await get(folder, server).status == .good)
      #expect(isWhole(folder + "/app"))
      #expect(server.requests.count { $0.headers["range"] != nil } > 0)
    }
  }

  @Test func `content with another digest is thrown away`() async throws {
    let server = try server(sha256: String(repeating: "0", count: 64))
    defer { server.stop() }
    try await inFolder { (folder: String) async throws in
      try Data("before".utf8).write(to: URL(fileURLWithPath: folder + "/app"))
      let run = await get(folder, server)
      #expect(run.status == .failed)
      #expect(run.errors.contains("SHA-256"))
      #expect(FileManager.default.contents(atPath: folder + "/app") == Data("before".utf8))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["app"])
    }
  }

  @Test func `a link that stands in the file's place is replaced, not followed`() async throws {
    let server = try server()
    defer { server.stop() }
    try await inFolder { (folder: String) async throws in
      try Data("precious".utf8).write(to: URL(fileURLWithPath: folder + "/precious"))
      try FileManager.default.createSymbolicLink(atPath: folder + "/app", withDestinationPath: folder + "/precious")
      #expect(await get(folder, server).status == .good)
      #expect(FileManager.default.contents(atPath: folder + "/precious") == Data("precious".utf8))
      #expect(FileManager.default.contents(atPath: folder + "/app")?.count == Self.content.count)
    }
  }

  @Test func `what the build has not published is not asked for`() async throws {
    let server = try server(path: "../../etc/passwd")
    defer { server.stop() }
    try await inFolder { (folder: String) async throws in
      #expect(await get(folder, server).status == .failed)
      let escaping = await CommandRun(["artifact", "get", "library/12", "../../etc/passwd"], on: server)
      #expect(escaping.status == .usage)
      #expect(!server.requests.contains { $0.target.contains("/artifacts/") })
    }
  }
}
