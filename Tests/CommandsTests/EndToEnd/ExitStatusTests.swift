import ArgumentParser
import Foundation
import Model
import Testing

@testable import Commands

@Suite(.timeLimit(.minutes(2))) struct ExitStatusTests {
  @Test(arguments: [
    ["nonsense"], ["job"] + ["show"], ["build", "show", "library"], ["build", "start", "library", "--parameter", "x"],
    ["job", "list", "--server", "nowhere"], ["log", "library/1", "--unknown"], ["worker", "list", "extra"],
  ])
  func `a command line that makes no sense ends with 2`(_ arguments: [String]) async {
    let run = await CommandRun(arguments)
    #expect(run.status.rawValue == 2)
    #expect(run.output.isEmpty && !run.errors.isEmpty)
  }

  @Test(arguments: [
    (["bild", "start", "x"], "distci bild", "did you mean 'distci build'?"),
    (["build", "strat", "x"], "distci build strat", "did you mean 'distci build start'?"),
    (["worker", "lsit"], "distci worker lsit", "did you mean 'distci worker list'?"),
    (["worker", "execute-shel", "--slots", "2"], "execute-shel'", "did you mean 'distci worker execute-shell'?"),
    (["job", "zzz"], "distci job zzz", "there are apply, "),
  ])
  func `a slip in a command's name gets a suggestion`(_ arguments: [String], _ what: String, _ remedy: String) async {
    let run = await CommandRun(arguments)
    #expect(run.status == .usage)
    #expect(run.errors.contains(what) && run.errors.contains(remedy))
  }

  @Test func `a wrong value of a right command is not taken for a slip`() async {
    let run = await CommandRun(["build", "show", "strat"])
    #expect(run.status == .usage && !run.errors.contains("did you mean"))
  }

  @Test(arguments: [["--help"], ["build", "start", "--help"], ["help", "artifact", "get"]])
  func `help ends with 0 and shows examples`(_ arguments: [String]) async {
    let run = await CommandRun(arguments)
    #expect(run.status.rawValue == 0)
    #expect(run.text.contains("EXAMPLES"))
  }

  /// Not those that serve until they are told to stop.
  @Test func `each command teaches by an example that fits a terminal, and prints JSON`() {
    var serving: [String] = []
    for command in Self.leaves(of: DistCI.self) where command.configuration.shouldDisplay {
      let lines = command.configuration.discussion.split(separator: "\n")
      #expect(lines.contains("EXAMPLES"), "\(command)")
      #expect(lines.allSatisfy { $0.count <= 80 }, "\(command)")
      if !(command is any PrintsJSON.Type) { serving.append("\(command)") }
    }
    #expect(serving.sorted() == ["FrontendCommand", "Standalone", "WorkerPool", "WorkerRun"])
  }

  private static func leaves(of command: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
    let children = command.configuration.subcommands
    return children.isEmpty ? [command] : children.flatMap(leaves)
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func `completions are printed`(_ shell: String) async {
    let run = await CommandRun(["--generate-completion-script", shell])
    #expect(run.status == .good)
    #expect(run.text.contains("artifact"))
  }

  @Test(arguments: [
    ["job", "list"], ["worker", "list"], ["queue", "list"], ["build", "start", "library", "--wait"],
    ["log", "library/1", "--follow"], ["artifact", "get", "library/1", "a"],
  ])
  func `a server that is not there ends with 3 and a remedy`(_ arguments: [String]) async throws {
    let server = try ScriptedServer { _, _ in .nothing }
    server.stop()
    let run = await CommandRun(arguments, on: server)
    #expect(run.status.rawValue == 3)
    #expect(run.errors.contains("distci standalone"))
  }

  @Test func `a server that is silent ends with unreachable`() async throws {
    let server = try ScriptedServer(isHealthy: false) { _, _ in .silence }
    defer { server.stop() }
    let client = ServerClient(try ServerAddress(server.url), connectPatience: 1)
    defer { client.close() }
    let began = ContinuousClock.now
    await #expect { try await client.workers() } throws: { ($0 as? CommandFailure)?.code == .unreachable }
    // The session's own limit is a minute.
    #expect(ContinuousClock.now - began < .seconds(30))
  }

  @Test func `what the server refuses ends with 1 in the server's words`() async throws {
    let server = try ScriptedServer { _, _ in
      .json(ErrorView(code: "not-found", message: "there is no job x\u{1B}[2J", remedy: "apply it"), status: 404)
    }
    defer { server.stop() }
    let run = await CommandRun(["job", "show", "x"], on: server)
    #expect(run.status.rawValue == 1)
    #expect(run.errors == "error: there is no job x\u{FFFD}[2J\n  apply it\n")
    let forMachines = await CommandRun(["job", "show", "x", "--json"], on: server)
    let view = try JSONBytes.decode(ErrorView.self, from: Array(forMachines.errors.utf8))
    #expect(view.remedy == "apply it")
  }

  @Test func `stores that are away end with 3`() async throws {
    let server = try ScriptedServer { _, _ in
      .json(ErrorView(code: "unavailable", message: "no store", remedy: "wait"), status: 503)
    }
    defer { server.stop() }
    #expect(await CommandRun(["job", "list"], on: server).status.rawValue == 3)
  }

  @Test func `something else that speaks HTTP is named as such`() async throws {
    let server = try ScriptedServer { _, _ in .whole(status: 200, Array("<html>".utf8)) }
    defer { server.stop() }
    let run = await CommandRun(["job", "list"], on: server)
    #expect(run.status.rawValue == 1)
    #expect(run.errors.contains("does not answer like a DistCI server"))
  }
}
