import Foundation
import Testing

@testable import Commands

@Suite(.timeLimit(.minutes(2))) struct BenchDispatchTests {
  private struct Report: Decodable {
    struct Figure: Decodable {
      var row: String
      var name: String
      var value: Double
      var primitive: Double?
    }
    struct Process: Decodable {
      var name: String
      var peakKiB: Int
    }
    var figures: [Figure]
    var processes: [Process]

    func value(_ row: String, _ name: String) -> Double? {
      figures.first { $0.row == row && $0.name.contains(name) }?.value
    }
  }

  /// Times depend on how busy the machine is, counts do not.
  @Test func `a quick bench has every row, and its counts are right`() async throws {
    let run = await CommandRun(["bench", "dispatch", "--quick", "--json"])
    try #require(run.status == .good, "\(run.errors)")
    let report = try JSONDecoder().decode(Report.self, from: Data(run.output))
    #expect(Set(report.figures.map(\.row)) == Set(BenchRow.allCases.map(\.rawValue)))
    let odd = report.figures.filter { !($0.value.isFinite && $0.value >= 0) }
    #expect(odd.isEmpty, "\(odd)")
    for row in ["latency", "throughput"] {
      #expect(report.value(row, "commands a build") == 1)
      #expect(report.value(row, "object writes a build") == 1)
      // Two and the trigger's, which builds may share; more where they meet in a queue.
      #expect(try #require(report.value(row, "coordination transactions a build")) > 2)
    }
    #expect(report.value("burst", "watch events a ticket") == 1)
    #expect(report.value("idle", "writes") == 0)
    #expect(report.figures.contains { $0.row == "claims" && $0.name.contains("depth 200 beside") })
    #expect(report.processes.count >= 4 && report.processes.allSatisfy { $0.peakKiB > 0 })
  }

  @Test func `only what is asked for is measured, and shown as a table`() async throws {
    let run = await CommandRun(["bench", "dispatch", "--quick", "--only", "burst"])
    try #require(run.status == .good, "\(run.errors)")
    #expect(run.text.contains("RATIO") && run.text.contains("burst"))
    #expect(!run.text.contains("latency"))
    #expect(run.errors.contains("parked slots"))
  }

  @Test(arguments: [
    ["--coordination", "sqlite:/nonexistent"], ["--objects", "file:/nonexistent"], ["--only", "nonsense"],
    ["--rate", "0"], ["--gaps", "wide"],
  ])
  func `what makes no sense is refused before anything is measured`(_ arguments: [String]) async {
    let run = await CommandRun(["bench", "dispatch", "--quick"] + arguments)
    #expect(run.status == .usage && run.output.isEmpty)
  }

  @Test(arguments: [
    ("zookeeper://a:1,b:2/distci?timeout=2s", "zookeeper://a:1,b:2/distci/x?timeout=2s"),
    ("zookeeper://a:1/distci", "zookeeper://a:1/distci/x"), ("sqlite:/var/ci", "sqlite:/var/ci/x"),
  ])
  func `a bench has a sub-tree of given coordination stores`(_ url: String, _ place: String) {
    #expect(BenchPlace.coordination(url, "x") == place)
  }

  @Test(arguments: [
    ("rados://pool?conf=c&name=n", "rados://pool?conf=c&name=n&namespace=x"),
    ("rados://pool?conf=c&namespace=a&name=n", "rados://pool?conf=c&namespace=x-a&name=n"),
    ("file:/var/ci", "file:/var/ci/x"),
  ])
  func `and a prefix of given object stores`(_ url: String, _ place: String) {
    #expect(BenchPlace.objects(url, "x") == place)
  }
}
