import Foundation
import Model
import Synchronization
import Testing

@testable import Commands

@Suite(.timeLimit(.minutes(2))) struct LogTests {
  private static let log = Array((1...500).map { "line \($0)\n" }.joined().utf8)

  /// The offset that a request asks for.
  private static func offset(_ request: ScriptedRequest) -> Int {
    URLComponents(string: request.target)?.queryItems?.first { $0.name == "offset" }?.value.flatMap { Int($0) } ?? 0
  }

  @Test func `a log arrives byte for byte`() async throws {
    let server = try ScriptedServer { _, _ in .whole(status: 200, Array("a\u{1B}[2J\r\n".utf8) + [0xFF]) }
    defer { server.stop() }
    let run = await CommandRun(["log", "library/12/test"], on: server)
    #expect(run.output == Array("a\u{1B}[2J\r\n".utf8) + [0xFF])
    #expect(server.requests.map(\.target) == ["/api/v1/jobs/library/builds/12/tasks/test/log"])
  }

  @Test func `a terminal gets it without orders`() async throws {
    let server = try ScriptedServer { _, _ in .whole(status: 200, Array("a\u{1B}[2J\u{1B}[31mb\n".utf8)) }
    defer { server.stop() }
    let run = await CommandRun(["log", "library/12"], on: server, terminal: true)
    #expect(run.text == "a\u{1B}[31mb\n\u{1B}[0m")
  }

  @Test(arguments: [false, true])
  func `following goes on where it was cut off, with no gap and no repeat`(_ inGoodOrder: Bool) async throws {
    let running = try BuildFixture.view(tasks: [("test", .running, nil)])
    let ended = try BuildFixture.view(verdict: .succeeded, tasks: [("test", .ended, .succeeded)])
    let server = try ScriptedServer { request, server in
      guard request.target.contains("/log") else {
        let logs = server.requests.count { $0.target.contains("/log") }
        return .json(logs < 5 ? running : ended)
      }
      let offset = Self.offset(request)
      // Each answer ends after 1,000 bytes, as if the server died or was shut down.
      return .chunked(
        Array(Self.log[offset...].prefix(1_000)), complete: inGoodOrder || offset + 1_000 >= Self.log.count)
    }
    defer { server.stop() }
    let run = await CommandRun(["log", "library/12", "--follow"], on: server)
    #expect(run.status == .good)
    #expect(run.output == Self.log)
  }

  @Test func `a slow reader costs no memory and loses nothing`() async throws {
    // Far more than the client may hold and the kernel does.
    let large = (0..<512).flatMap { [UInt8](repeating: UInt8($0 & 0xFF), count: 65_521) }
    let server = try ScriptedServer { request, _ in .whole(status: 200, Array(large[Self.offset(request)...])) }
    defer { server.stop() }
    let client = ServerClient(try ServerAddress(server.url))
    defer { client.close() }
    let target = try LogTarget("library/12")
    var received: [UInt8] = []
    _ = try await client.readBytes {
      client.log(target, from: $0, follow: false)
    } _: { piece in
      // Takes its first piece only when the server is rid of everything, or was cut off.
      if received.isEmpty { for await _ in server.answered { break } }
      received += piece
    }
    let isSame = received == large
    #expect(isSame)
    #expect(server.requests.count > 1)
  }

  @Test func `machines get an object for each line`() async throws {
    let server = try ScriptedServer { _, _ in .whole(status: 200, Array("a\n\"b\"\nc".utf8)) }
    defer { server.stop() }
    let run = await CommandRun(["log", "library/12", "--json"], on: server)
    #expect(run.text == #"{"text":"a"}"# + "\n" + #"{"text":"\"b\""}"# + "\n" + #"{"text":"c"}"# + "\n")
  }
}
