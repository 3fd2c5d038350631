import Foundation
import FoundationNetworking
import Glibc
import Model
import SharedRepository
import TestStores
import Testing

extension ServerTrials {
  /// More than a frontend lets wait for one job.
  private static let clients = Turns.mostWaiting + 36

  @Test("F14: ZooKeeper is slow, and clients do not wait for one another")
  func slowZooKeeper() async throws {
    try await Trial.run("F14 slow ZooKeeper", on: .cluster, limit: .seconds(60)) { trial in
      try await Proxies.with { proxies in
        try await Site.open(.cluster, for: trial, in: proxies.surroundings(timeout: "20s")) { site in
          try await flood(site, trial) {
            proxies.slowDown(to: .milliseconds(10))
          } recover: {
            proxies.slowDown(to: .zero)
          }
        }
      }
    }
  }

  @Test("F14: an OSD is slow, and clients do not wait for one another")
  func slowOSD() async throws {
    try await Trial.run("F14 slow OSD", on: .cluster, limit: .seconds(60)) { trial in
      try await Harm.with { harm in
        try await Site.open(.cluster, for: trial) { site in
          let bursts = Task {
            while !Task.isCancelled {
              // It works a tenth of the time.
              try harm.signal(SIGSTOP, "osd.0", "osd.1")
              try? await Task.sleep(for: .milliseconds(900))
              try harm.signal(SIGCONT, "osd.0", "osd.1")
              try? await Task.sleep(for: .milliseconds(100))
            }
          }
          defer { bursts.cancel() }
          try await flood(site, trial) {
          } recover: {
            bursts.cancel()
            try await bursts.value
          }
        }
      }
    }
  }

  /// Many clients trigger builds as fast as they can for some seconds. Each is answered or told to come back, no process
  /// grows, and what was promised is done in the end.
  private func flood(
    _ site: Site, _ trial: Trial, slowDown: () async throws -> Void, recover: () async throws -> Void
  ) async throws {
    _ = try await site.everything([.buildControl, .executeShell], options: ["--slots", "3"])
    try await site.defineCountingJob("foo")
    _ = try await site.end(of: try await site.start("foo"))
    let before = site.processes.map { ProcessTable.peakResident(of: $0.pid) ?? 0 }
    try await slowDown()
    let statuses = try await answers(site, for: .seconds(Trials.isLong ? 15 : 2), clients: Self.clients)
    trial.injected(statuses.values.reduce(0, +))
    say("measured: F14 answers \(statuses)")
    let strange = statuses.keys.filter { ![200, 201, 429, 503].contains($0) }
    if !strange.isEmpty { trial.violates("answers \(strange)") }
    if statuses[503, default: 0] == 0 { trial.violates("all \(Self.clients) clients were let wait") }
    try await recover()
    let healed = ContinuousClock.now
    for build in site.acknowledged { _ = try await site.end(of: build, within: .seconds(180)) }
    trial.recovered(after: ContinuousClock.now - healed)
    let growth = zip(site.processes, before).map { (ProcessTable.peakResident(of: $0.pid) ?? 0) - $1 }
    say("measured: F14 processes grew by \(growth) KiB")
    if growth.contains(where: { $0 > 64 << 10 }) { trial.violates("a process grew by \(growth.max() ?? 0) KiB") }
  }

  /// - Returns: how many answers had each status.
  private func answers(_ site: Site, for time: Duration, clients: Int) async throws -> [Int: Int] {
    let end = ContinuousClock.now + time
    let url = try site.url + "/api/v1/jobs/foo/builds"
    return try await withThrowingTaskGroup(of: [Int: Int].self) { group in
      for _ in 0..<clients {
        group.addTask {
          var statuses: [Int: Int] = [:]
          while ContinuousClock.now < end {
            let answer = try await Self.insist(url)
            statuses[answer.status, default: 0] += 1
            guard answer.status == 201 || answer.status == 200 else {
              // A client that is told to come back does not come at once.
              try await Task.sleep(for: .milliseconds(500))
              continue
            }
            let view = try answer.json(BuildView.self)
            site.acknowledge(BuildID(job: view.job, number: view.build))
          }
          return statuses
        }
      }
      return try await group.reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) }
    }
  }

  /// A trigger whose answer is lost may have been taken: the same again tells.
  private static func insist(_ url: String) async throws -> API.Answer {
    let headers = ["Idempotency-Key": UUID().uuidString, "Content-Type": "application/json"]
    while true {
      do {
        return try await API.send("POST", url, body: Data("{}".utf8), headers: headers)
      } catch is URLError {
        try Task.checkCancellation()
      }
    }
  }
}
