import Foundation
import Glibc
import Model
import TestStores
import Testing

@Suite("Commands that misbehave", .serialized, .timeLimit(.minutes(3)))
struct ContainmentTrials {
  /// A process that leaves its parent, its session and its process group, does not listen to SIGTERM, and stays.
  private static func escape(_ site: Site) -> String {
    """
    escapee=\(site.folder.gates)/escapee
    (setsid sh -c 'trap "" TERM HUP; (trap "" TERM HUP; sh -c "echo \\$PPID" > '$escapee'.part; mv '$escapee'.part '$escapee'; while :; do sleep 1000; done) & ' &)
    until [ -e $escapee ]; do sleep 0.02; done
    trap '' TERM
    """
  }

  private func escapee(_ site: Site) async throws -> pid_t {
    var pid: pid_t?
    try await eventually("the process has escaped") {
      pid = site.folder.contents("gates/escapee").flatMap { pid_t($0.filter(\.isNumber)) }
      return pid != nil
    }
    return try #require(pid)
  }

  @Test("F19: a command that runs too long is ended with all that it started", arguments: StorePair.all)
  func timesOut(_ pair: StorePair) async throws {
    try await Site.open(pair) { site in
      _ = try await site.everything([.buildControl, .executeShell], options: ["--grace", "1"])
      try await site.defineJob(
        "foo", script: Self.escape(site) + "\nwhile :; do sleep 1000; done", task: #""timeout": "1s""#)
      let build = try await site.start("foo")
      let escapee = try await escapee(site)
      #expect(ProcessTable.isAlive(escapee))
      let begun = ContinuousClock.now
      let view = try await site.end(of: build)
      report("F19 a timeout of 1 s and a grace of 1 s on \(pair): over after", begun)
      #expect(view.verdict == .timedOut && view.tasks[0].attempts.count == 1)
      #expect(!ProcessTable.isAlive(escapee))
      #expect(ContinuousClock.now - begun < .seconds(4))
    }
  }

  @Test("F19: all that a command started dies with its worker", arguments: StorePair.all)
  func workerKilled(_ pair: StorePair) async throws {
    try await Site.open(pair) { site in
      let workers = try await site.everything([.buildControl, .executeShell])
      try await site.defineJob("foo", script: Self.escape(site) + "\n" + site.gate("foo"))
      let build = try await site.start("foo")
      let command = try await site.arrival(at: "foo")
      let escapee = try await escapee(site)
      try await workers[.executeShell]?.kill()
      let killed = ContinuousClock.now
      try await eventually("the tree is dead") { !ProcessTable.isAlive(command) && !ProcessTable.isAlive(escapee) }
      report("F19 the tree of a killed worker on \(pair): dead after", killed)
      #expect(ContinuousClock.now - killed < .seconds(2))
      try site.open("foo", attempt: 2)
      try await site.worker(.executeShell)
      #expect(try await site.end(of: build).verdict == .succeeded)
    }
  }

  @Test("F19: whatever a command leaves behind dies with it, however it hides", arguments: Trials.pairs)
  func survivors(_ pair: StorePair) async throws {
    let builds = Trials.isLong ? 50 : 3
    try await Trial.run("F19 survivors", on: pair, planned: builds * Self.hidden, limit: .seconds(2)) { trial in
      try await Site.open(pair, for: trial) { site in
        _ = try await site.everything([.buildControl, .executeShell], options: ["--grace", "1"])
        try await site.defineJob("foo", script: Self.hide, task: #""timeout": "2s""#)
        for _ in 1...builds {
          let begun = ContinuousClock.now
          let view = try await site.end(of: try await site.start("foo"))
          trial.recovered(after: ContinuousClock.now - begun - .seconds(2))
          #expect(view.verdict == .timedOut && view.tasks[0].attempts.count == 1)
          // They say so themselves, each in a line of the log.
          let log = try await site.log(of: BuildID(job: view.job, number: view.build), task: "work")
          let pids = log.split(separator: "\n").compactMap { pid_t($0) }
          #expect(Set(pids).count == Self.hidden, "\(log)")
          let survivors = pids.filter(ProcessTable.isAlive)
          if !survivors.isEmpty { trial.violates("\(survivors.count) processes survived") }
          trial.injected(Self.hidden)
        }
      }
    }
  }

  private static let hidden = 20

  /// Twenty processes that hide in five ways, and a command that waits until they are hidden and then for ever.
  private static let hide = #"""
    stay='trap "" TERM HUP INT; echo $$; while :; do sleep 1000; done'
    for n in 1 2 3 4; do
      sh -c "$stay" &
      setsid sh -c "$stay" &
      (setsid sh -c "$stay" &)
      (setsid nohup sh -c "sh -c '$stay' & exec true" &)
      env -i setsid sh -c "exec >&2; cd /; sh -c '$stay' & exec sleep 1000" &
    done
    trap '' TERM
    while :; do sleep 1000; done
    """#

  @Test("X3: a gibibyte without a line break is cut, and the worker stays small", arguments: StorePair.all)
  func endlessOutput(_ pair: StorePair) async throws {
    try await Site.open(pair) { site in
      let workers = try await site.everything([.buildControl, .executeShell], options: ["--log-limit", "8"])
      let worker = try #require(workers[.executeShell])
      try await site.defineJob("foo", script: "head -c 1073741824 /dev/zero | tr '\\0' x")
      let before = try #require(ProcessTable.peakResident(of: worker.pid))
      let begun = ContinuousClock.now
      let build = try await site.start("foo")
      let view = try await site.end(of: build)
      report("X3 1 GiB of output on \(pair):", begun)
      #expect(view.verdict == .succeeded)
      let log = try await site.log(of: build, task: "work")
      let marker = "\n[log cut: \((1 << 30) - (8 << 20)) more bytes were not kept; the limit is \(8 << 20) bytes]\n"
      #expect(log.hasSuffix(marker))
      #expect(log.utf8.count == 8 << 20 + marker.utf8.count)
      let peak = try #require(ProcessTable.peakResident(of: worker.pid))
      say("measured: X3 peak resident memory of the worker on \(pair): \(peak) KiB, \(before) KiB while idle")
      #expect(peak - before < 16 << 10)
      let own = try #require(ProcessTable.peakOwn(of: worker.pid))
      say("measured: X3 peak of the worker's own memory on \(pair): \(own) KiB")
      #expect(own < 64 << 10)
    }
  }
}
