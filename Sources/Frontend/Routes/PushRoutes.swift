import Hummingbird
import Model
import SharedRepository

/// Pushes that repositories tell of themselves, by the hook that `distci hook install` writes.
enum PushRoutes {
  static let routes = [Route(.post, "/api/v1/pushes", .write, take)]

  /// Answers what became of each ref, in their order. The same push again starts nothing again.
  @Sendable private static func take(_ call: Call) async throws -> Response {
    guard let push = try await call.json(LocalPush.self, keys: ["repositories", "updates"]) else {
      throw RequestError.invalid("the body is empty", remedy: "name the repositories, and the refs that were moved")
    }
    guard (1...mostNames).contains(push.repositories.count), push.updates.count <= mostUpdates else {
      throw RequestError.invalid(
        "the body names \(push.repositories.count) repositories and \(push.updates.count) refs",
        remedy: "name 1 to \(mostNames) repositories and at most \(mostUpdates) refs in one request")
    }
    let handling = PushHandling(repository: try call.repository())
    var views: [PushView] = []
    for update in push.updates {
      let event = PushEvent(update, of: push.repositories)
      do {
        try check(update)
        try event.check()
        views.append(PushView(update.ref, try await handling.handle(event, delivery: nil)))
      } catch let error as RequestError {
        // One ref with a strange name keeps no other from being built.
        views.append(PushView(ref: update.ref, started: [], reason: error.view.message))
      }
    }
    return try Reply.json(views)
  }

  private static func check(_ update: LocalPush.Update) throws {
    let paths = update.changed ?? []
    guard paths.count <= LocalPush.Update.mostChanged, paths.allSatisfy({ isPath($0) }) else {
      throw RequestError.invalid(
        "the changed files are more than \(LocalPush.Update.mostChanged), or one has a name that is none",
        remedy: "leave them out: then all that waits for the ref is built")
    }
  }

  private static func isPath(_ text: String) -> Bool {
    (1...LocalPush.Update.longestPath).contains(text.utf8.count)
      && text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
  }

  private static let mostNames = 10
  private static let mostUpdates = 1_000
}

extension PushEvent {
  fileprivate init(_ update: LocalPush.Update, of repositories: [String]) {
    ref = update.ref
    before = update.before
    after = update.after
    commits = update.changed.map { [Commit(modified: $0)] }
    repository = Repository(fullName: repositories[0], otherNames: Array(repositories.dropFirst()), isLocal: true)
  }
}

extension PushView {
  fileprivate init(_ ref: String, _ view: WebhookView) {
    self.init(
      ref: ref, started: view.started, repeat: view.isRepeat, reason: view.reason,
      refused: view.refused.map { Refusal(job: $0.job, message: $0.message, remedy: $0.remedy) })
  }
}
