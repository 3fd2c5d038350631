import Foundation
import Model
import Testing
import Workers

@Suite("A promotion")
struct GitPromoteTests {
  private static let green = "refs/heads/green"

  @Test("makes the ref, moves it on, and leaves it where it is when it is there or further")
  func onwards() async throws {
    try await Bench.with { bench in
      let origin = try bench.makeOrigin()
      let (first, second) = (try bench.git("rev-parse main~1"), try bench.git("rev-parse main"))
      let rows = [
        (first, first, "moved refs/heads/green from nothing to \(first)\n"),
        (first, first, "refs/heads/green is at \(first) already\n"),
        (second, second, "moved refs/heads/green from \(first) to \(second)\n"),
        // An older build that ends later moves nothing back.
        (first, second, "refs/heads/green stays at \(second), which follows \(first)\n"),
      ]
      for (commit, end, log) in rows {
        let ended = try await bench.promote(commit, of: origin)
        #expect(ended.verdict == .succeeded && ended.log == log, "\(ended.message) \(ended.log)")
        #expect(try bench.git("rev-parse \(Self.green)") == end)
      }
    }
  }

  @Test("never moves the ref sideways or back, unless it is told to")
  func sideways() async throws {
    try await Bench.with { bench in
      let origin = try bench.makeOrigin()
      let (side, main) = (try bench.git("rev-parse side/line"), try bench.git("rev-parse main"))
      try bench.git("update-ref \(Self.green) \(side)")
      let refused = try await bench.promote(main, of: origin)
      #expect(refused.verdict == .failed && refused.message.contains("set \"force\""), "\(refused.message)")
      #expect(try bench.git("rev-parse \(Self.green)") == side)
      let forced = try await bench.promote(main, of: origin, more: #", "force": true"#)
      #expect(forced.verdict == .succeeded, "\(forced.message)")
      #expect(try bench.git("rev-parse \(Self.green)") == main)
    }
  }

  @Test("that somebody else overtakes looks again, and does not undo what they did")
  func overtaken() async throws {
    try await Bench.with { bench in
      let origin = try bench.makeOrigin()
      let (first, main) = (try bench.git("rev-parse main~1"), try bench.git("rev-parse main"))
      // As if another build's promotion came between its look and its push.
      let hook = try bench.file(
        "origin/.git/hooks/pre-receive",
        """
        #!/bin/sh
        env -u GIT_QUARANTINE_PATH git update-ref \(Self.green) \(main)

        """)
      try bench.shell("chmod +x \(hook)")
      let ended = try await bench.promote(first, of: origin)
      #expect(ended.verdict == .succeeded, "\(ended.message) \(ended.log)")
      #expect(
        ended.log.contains("was moved by somebody else") && ended.log.contains("stays at \(main)"), "\(ended.log)")
      #expect(try bench.git("rev-parse \(Self.green)") == main)
    }
  }

  @Test("that the repository refuses fails with its words; one of an unknown commit says what to do")
  func refused() async throws {
    try await Bench.with { bench in
      let origin = try bench.makeOrigin()
      let hook = try bench.file("origin/.git/hooks/pre-receive", "#!/bin/sh\necho green is protected >&2; exit 1\n")
      try bench.shell("chmod +x \(hook)")
      let refused = try await bench.promote(try bench.git("rev-parse main"), of: origin)
      #expect(refused.verdict == .failed && refused.message.contains("green is protected"), "\(refused.message)")
      let unknown = try await bench.perform(bench.promotion(origin), isLast: true)
      #expect(unknown.verdict == .failed && unknown.message.contains("need a git-checkout"), "\(unknown.message)")
    }
  }

  @Test("uses a password of its own, and never the one of checkouts")
  func credentials() async throws {
    try await Bench.with { bench in
      var configuration = bench.configuration(credentials: "/nowhere/checkout")
      #expect(configuration.forPromotion.credentialsFile == nil)
      configuration.promoteCredentialsFile = "/nowhere/promote"
      #expect(configuration.forPromotion.credentialsFile == "/nowhere/promote")
    }
  }
}

extension Bench {
  func promotion(_ repository: String, more: String = "") -> String {
    #"{"name": "test", "type": "git-promote", "repository": "\#(repository)", "ref": "green"\#(more)}"#
  }

  /// Promotes a commit that a push brought.
  func promote(_ commit: String, of repository: String, more: String = "") async throws -> Performed {
    let push = BuildCause.Push(repository: repository, ref: "refs/heads/main", commit: commit)
    return try await perform(promotion(repository, more: more), cause: .push(push), isLast: true)
  }
}
