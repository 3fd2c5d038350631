import Foundation
import Model
import TestStores
import Testing

@Suite("Job files that nobody wrote to have a job", .serialized, .timeLimit(.minutes(3)))
struct HostileFileTrials {
  private static let files: [(what: String, text: String)] = [
    ("100,000 deep", String(repeating: "[", count: 100_000)),
    ("100,000 keys, two of them the same", "{" + (0..<100_000).map { #""\#($0)":0,"# }.joined() + #""5":0}"#),
    ("NaN", #"{"priority": NaN}"#), ("a lone surrogate", #"{"job": "\ud800"}"#),
    ("a million bytes of small values", "[" + String(repeating: "0,", count: 500_000) + "0]"),
    ("a million bytes of brackets", "[" + String(repeating: "[],", count: 340_000) + "0]"),
    ("a key of marks", "{\"a" + String(repeating: "\u{301}\u{316}", count: 250_000) + "\": 1}"),
    ("a million bytes of nothing", String(repeating: "\n", count: 1_000_000)),
  ]

  /// Kibibytes that the frontend may take for all of them.
  private static let mostMemory = 128 << 10

  @Test(
    "X11: hostile job files are refused at once, with the place, and cost no memory", arguments: [StorePair.embedded])
  func refused(_ pair: StorePair) async throws {
    try await Trial.run("X11 hostile job files", on: pair, planned: Self.files.count + 1) { trial in
      try await Site.open(pair) { site in
        let frontend = try await site.frontend().process
        _ = try await site.answer("GET", "/api/v1/jobs")
        let before = try #require(ProcessTable.peakResident(of: frontend.pid))
        for (what, text) in Self.files {
          let start = ContinuousClock.now
          let answer = try await site.answer("PUT", "/api/v1/jobs/library", body: Data(text.utf8))
          trial.recovered(after: ContinuousClock.now - start)
          report("\(what), refused by the API after", start)
          #expect(answer.status == 422, "\(what): \(String(decoding: answer.body, as: UTF8.self))")
          trial.injected()
        }
        let grown = try #require(ProcessTable.peakResident(of: frontend.pid)) - before
        say("measured: the frontend took \(grown) KiB for it")
        #expect(grown < Self.mostMemory)
        let large = site.folder.path + "/large.json"
        try Data().write(to: URL(fileURLWithPath: large))
        let handle = try #require(FileHandle(forWritingAtPath: large))
        try handle.truncate(atOffset: 100 << 20)
        try handle.close()
        let start = ContinuousClock.now
        let validation = try site.run(["job", "validate", large])
        #expect(try await validation.end() == 1)
        trial.recovered(after: ContinuousClock.now - start)
        report("100 MB, refused by the command line after", start)
        #expect(validation.log.contains("more than the 1048576 bytes"), "\(validation.log)")
        trial.injected()
      }
    }
  }
}
