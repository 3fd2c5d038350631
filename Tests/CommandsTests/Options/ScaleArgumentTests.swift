import Model
import Testing

@testable import Commands

@Suite struct ScaleArgumentTests {
  private func requests(_ arguments: ScaleArguments) throws -> [String: ScaleRequest] {
    Dictionary(uniqueKeysWithValues: try arguments.requests(.executeShell).map { ($0.0.description, $0.1) })
  }

  @Test func `a label with a number is a class of its own`() throws {
    #expect(
      try requests(ScaleArguments(labels: ["linux=8", "mac=2"])) == [
        "execute-shell+linux": ScaleRequest(wanted: 8), "execute-shell+mac": ScaleRequest(wanted: 2),
      ])
  }

  @Test func `labels without a number are one class together`() throws {
    #expect(
      try requests(ScaleArguments(labels: ["x86", "linux"], slots: 8)) == [
        "execute-shell+linux+x86": ScaleRequest(wanted: 8)
      ])
    #expect(try requests(ScaleArguments(labels: [], slots: 0)) == ["execute-shell": ScaleRequest(wanted: 0)])
    #expect(
      try requests(ScaleArguments(labels: ["linux"], min: 1, max: 8, targetWait: "1m")) == [
        "execute-shell+linux": ScaleRequest(min: 1, max: 8, targetWait: "1m")
      ])
  }

  @Test(arguments: [
    ScaleArguments(labels: []), ScaleArguments(labels: ["linux"]), ScaleArguments(labels: ["linux=8"], slots: 8),
    ScaleArguments(labels: ["linux=8", "x86"]), ScaleArguments(labels: ["linux=8", "linux=9"]),
    ScaleArguments(labels: ["linux=many"]), ScaleArguments(labels: ["linux="]), ScaleArguments(labels: ["=8"]),
    ScaleArguments(labels: ["linux=-1"]), ScaleArguments(labels: ["li nux"], slots: 1),
    ScaleArguments(labels: ["linux=8"], max: 9), ScaleArguments(labels: [], slots: 1_001),
    ScaleArguments(labels: [], slots: 1, max: 9), ScaleArguments(labels: [], min: 3, max: 2),
  ])
  func `anything else is refused before a server is asked`(_ arguments: ScaleArguments) {
    #expect { try arguments.requests(.executeShell) } throws: { ($0 as? CommandFailure)?.code == .usage }
  }

  @Test func `what was set is printed, and sent as it was meant`() async throws {
    let queue = QueueClass(kind: .executeShell, labels: [try Label("linux"), try Label("x86")])
    let server = try ScriptedServer { request, _ in
      request.method == "PUT"
        ? .json(ScaleView(queue, wanted: 8, running: 2, waiting: 1))
        : .json([ScaleView(queue, wanted: 8, running: 2, waiting: 1)])
    }
    defer { server.stop() }
    let arguments = ["scale", "execute-shell", "--label", "linux", "--label", "x86", "--slots", "8"]
    let run = await CommandRun(arguments, on: server)
    #expect(run.status == .good)
    #expect(run.text.contains("execute-shell  linux,x86  8       2        1        -"), "\(run.text)")
    let put = try #require(server.requests.last)
    #expect(put.target == "/api/v1/scale/execute-shell/linux%2Bx86")
    #expect(try JSONBytes.decode(ScaleRequest.self, from: put.body) == ScaleRequest(wanted: 8))
    let list = await CommandRun(["scale", "--json"], on: server)
    #expect(try JSONBytes.decode([ScaleView].self, from: list.output).map(\.wanted) == [8])
  }

  @Test(arguments: [
    ["scale", "execute-shel", "--slots", "1"], ["scale", "--slots", "1"], ["worker", "pool", "--capacity", "0"],
    ["worker", "pool", "--kind", "shell"], ["worker", "execute-shell", "--drain-timeout", "-1"],
    ["worker", "execute-shell", "--seat", "1"], ["worker", "execute-shell", "--once", "--slots", "2"],
  ])
  func `a command line that makes no sense is refused`(_ arguments: [String]) async {
    #expect(await CommandRun(arguments).status == .usage)
  }
}
