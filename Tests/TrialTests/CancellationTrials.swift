import Foundation
import Glibc
import Model
import TestStores
import Testing

@Suite("Cancelling what runs", .serialized, .timeLimit(.minutes(3)))
struct CancellationTrials {
  @Test(
    "The tree is dead, the log says who cancelled, and once more is refused without harm", arguments: StorePair.all)
  func runningTask(_ pair: StorePair) async throws {
    try await Site.open(pair) { site in
      _ = try await site.everything([.buildControl, .executeShell], options: ["--grace", "1"])
      let child = "\(site.folder.gates)/child"
      // A child in a session of its own that does not listen to SIGTERM.
      let script = """
        setsid sh -c 'trap "" TERM; echo $$ > \(child).part; mv \(child).part \(child); while :; do sleep 1000; done' &
        echo it has begun
        \(site.gate("foo"))
        """
      try await site.defineJob("foo", script: script)
      let build = try await site.start("foo")
      let command = try await site.arrival(at: "foo")
      var escaped: pid_t?
      try await eventually("the child has begun") {
        escaped = site.folder.contents("gates/child").flatMap { pid_t($0.filter(\.isNumber)) }
        return escaped != nil
      }
      let begun = ContinuousClock.now
      #expect(try await site.command("build", "cancel", "\(build)", "--by", "ada").contains("being cancelled"))
      let view = try await site.end(of: build)
      report("Cancelling with a grace of 1 s on \(pair): over after", begun)
      #expect(view.verdict == .cancelled && view.cancelledBy == "ada")
      #expect(view.tasks[0].attempts.map(\.verdict) == [.cancelled])
      #expect(!ProcessTable.isAlive(command))
      #expect(!ProcessTable.isAlive(try #require(escaped)))
      let log = try await site.log(of: build, task: "work")
      #expect(log.hasPrefix("it has begun\n") && log.contains("cancelled by ada\n"))
      let late = try await site.answer("POST", "/api/v1/jobs/foo/builds/\(build.number)/cancel")
      #expect(late.status == 409)
      #expect(try await site.view(of: build) == view)
    }
  }
}
