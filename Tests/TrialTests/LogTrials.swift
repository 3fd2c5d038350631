import Foundation
import Model
import TestStores
import Testing

@Suite("Logs that somebody follows", .serialized, .timeLimit(.minutes(2)))
struct LogTrials {
  @Test("F10: a log is followed without a gap or a repeat while the frontend is killed", arguments: StorePair.all)
  func followed(_ pair: StorePair) async throws {
    // The worker is to live: no pause of a busy machine may end its session.
    let patient = Surroundings { url, _ in url.replacingOccurrences(of: "timeout=2s", with: "timeout=10s") }
    try await Site.open(pair, in: patient) { site in
      let gates = (1...3).map { "part\($0)" }
      _ = try await site.everything([.buildControl, .executeShell])
      var (frontend, url) = try await site.frontend()
      let parts = gates.enumerated().map { number, gate in
        "seq \(number * 500 + 1) \(number * 500 + 500)\n" + site.gate(gate)
      }
      try await site.defineJob("foo", script: parts.joined(separator: "\n") + "\nprintf end")
      let build = try await site.start("foo")
      let reader = try site.run(["log", "\(build)/work", "--follow"])
      for (number, gate) in gates.enumerated() {
        try await site.arrival(at: gate)
        try await eventually("the reader has seen part \(number + 1)") {
          reader.text.hasSuffix("\n\(number * 500 + 500)\n")
        }
        try await frontend.kill()
        try site.open(gate)
        (frontend, url) = try await site.frontend(port: try #require(URL(string: url)?.port))
      }
      #expect(try await site.end(of: build).verdict == .succeeded)
      #expect(try await reader.end() == 0)
      #expect(reader.text == (1...1_500).map { "\($0)\n" }.joined() + "end")
    }
  }
}
