import Model
import TestStores
import Testing

@Suite("A branch follows the commits that are green", .serialized, .timeLimit(.minutes(3)))
struct PromotionTrials {
  @Test("Of a good and a bad commit, the good one is promoted", arguments: StorePair.all)
  func promotion(_ pair: StorePair) async throws {
    try await Site.open(pair) { site in
      _ = try await site.everything()
      let repository = try await LocalRepository(site.folder.path + "/origin", files: ["run-tests": "exit 0\n"])
      try await site.defineSample("promote")
      let good = try await repository.commit(at: "main")
      #expect(try await site.end(of: start(repository, site)).verdict == .succeeded)
      #expect(try await repository.commit(at: "green") == good)
      try await repository.commit(["run-tests": "exit 1\n"])
      #expect(try await site.end(of: start(repository, site)).verdict == .failed)
      #expect(try await repository.commit(at: "green") == good)
    }
  }

  private func start(_ repository: LocalRepository, _ site: Site) async throws -> BuildID {
    try await site.start("promote", parameters: ["repository": repository.url])
  }
}
