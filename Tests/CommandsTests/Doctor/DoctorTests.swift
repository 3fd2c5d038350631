import Coordination
import Foundation
import Model
import Testing

@testable import Commands

@Suite(.timeLimit(.minutes(2))) struct DoctorTests {
  private static func worker(_ slots: [TaskKind: Int], draining: Bool = false) -> WorkerRecord {
    WorkerRecord(
      host: "h", process: 1, started: Timestamp(milliseconds: 0), labels: [], slots: slots, draining: draining)
  }

  @Test func `each kind needs a worker that takes tickets`() {
    let workers = [Self.worker([.executeShell: 2, .buildControl: 1]), Self.worker([.gitCheckout: 1], draining: true)]
    let findings = TaskKind.allCases.map { WorkerExamination.finding($0, workers) }
    #expect(findings.filter(\.isGood).map(\.check) == ["build-control", "execute-shell"])
    #expect(findings.first { $0.check == "git-checkout" }?.message == "every worker of the kind is draining")
    #expect(findings.first { $0.check == "copy-artifacts" }?.remedy == "start one: distci worker copy-artifacts")
  }

  @Test func `a host without tools is told what to install`() async throws {
    let findings = try await HostExamination(folder: "/", path: "/nonexistent").findings()
    #expect(findings.filter { !$0.isGood }.map(\.check).starts(with: ["git", "bsdtar"]))
    #expect(findings.first?.remedy == "install git: apt-get install git")
  }

  @Test func `findings are aligned, each with its remedy below`() {
    let findings = [Finding.good("git", "/usr/bin/git"), .bad("object store", "gone\u{1B}[2J", remedy: "start it")]
    #expect(
      findings.text(colours: false) == """
        good   git           /usr/bin/git
        WRONG  object store  gone\u{FFFD}[2J
                             start it

        """)
  }

  @Test func `without workers and server, an embedded store is found sound, and the rest named; the exit code is 1`()
    async throws
  {
    let folder = FileManager.default.temporaryDirectory.appending(path: "doctor-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let run = await CommandRun(
      [
        "doctor", "--json", "--data", folder, "--server", "http://127.0.0.1:1", "--coordination", "sqlite:\(folder)/c",
        "--objects", "file:\(folder)/o",
      ])
    #expect(run.status == .failed && run.errors.isEmpty)
    let findings = try JSONBytes.decode([Finding].self, from: run.output)
    #expect(findings.filter(\.isGood).map(\.check).suffix(3) == ["object store", "coordination store", "format"])
    #expect(findings.first { $0.check == "server" }?.isGood == false)
  }

  @Test func `a clock that is wrong is noticed`() async throws {
    let server = try ScriptedServer { _, _ in .nothing }
    defer { server.stop() }
    // The scripted server says no date.
    let finding = await ClockExamination(client: ServerClient(try ServerAddress(server.url))).finding()
    #expect(finding.isGood && finding.message.hasPrefix("not compared"))
    #expect(
      ServerClient.difference(ofDate: "Tue, 14 Nov 2023 22:14:20 GMT", at: Timestamp(milliseconds: 1_700_000_000_000))
        == .seconds(60))
    #expect(ServerClient.difference(ofDate: "now", at: Timestamp(milliseconds: 0)) == nil)
  }
}
