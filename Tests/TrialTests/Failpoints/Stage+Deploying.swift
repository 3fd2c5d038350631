import Foundation
import Model
import Testing

/// What deploys: with approval, one after another, and not while the environment is paused.
extension Stage {
  static let shipping = #""deploy": { "environment": "stage", "approval": true }"#

  func deploying() async throws {
    let builds = [try await site.start("shipping"), try await site.start("shipping")]
    let pause = "/api/v1/environments/stage/pause"
    #expect(try await site.answer("PUT", pause, body: Data("{}".utf8)).status < 300)
    for build in builds {
      _ = try await site.wait(for: build, "it waits for approval") { $0.tasks[0].deploy?.status == .unapproved }
      let path = "/api/v1/jobs/shipping/builds/\(build.number)/tasks/work/approve"
      #expect(try await site.answer("POST", path, body: Data(#"{"by": "the trial"}"#.utf8)).status < 300)
    }
    for build in builds {
      _ = try await site.wait(for: build, "it waits for the environment") {
        [.holds, .waits].contains($0.tasks[0].deploy?.status)
      }
    }
    #expect(try await site.answer("DELETE", pause).status < 300)
    for build in builds {
      let view = try await site.end(of: build)
      #expect(view.verdict == .succeeded, "\(view)")
    }
    let answer = try await site.answer("GET", "/api/v1/environments/stage?limit=2")
    let history = try answer.json(EnvironmentView.self).history?.map(\.id) ?? []
    #expect(Set(history) == Set(builds))
  }
}
