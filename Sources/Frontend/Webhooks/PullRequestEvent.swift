import Foundation
import HTTPTypes
import Model
import SharedRepository

/// What a forge says of a pull request: the fields that matter here. All of them are hostile text, and who wrote a commit is
/// not among them: anybody can claim to be anybody.
struct PullRequestEvent: Decodable, Sendable {
  struct Head: Decodable, Sendable {
    struct Repository: Decodable, Sendable {
      var fullName: String

      enum CodingKeys: String, CodingKey { case fullName = "full_name" }
    }

    var ref: String
    var sha: String
    /// `nil` when it is gone.
    var repo: Repository?
  }

  struct Request: Decodable, Sendable {
    var head: Head
    var base: Head
    var updatedAt: String?

    enum CodingKeys: String, CodingKey {
      case head, base
      case updatedAt = "updated_at"
    }
  }

  var action: String
  var number: Int
  var pullRequest: Request
  /// The base's.
  var repository: PushEvent.Repository

  enum CodingKeys: String, CodingKey {
    case action, number, repository
    case pullRequest = "pull_request"
  }

  /// What is to be done about it.
  enum Meaning: Hashable, Sendable { case open, close, nothing }

  var meaning: Meaning {
    switch action {
    // Gitea and Forgejo say "synchronized". Drafts are built like others.
    case "opened", "synchronize", "synchronized", "reopened", "ready_for_review": .open
    case "closed": .close
    default: .nothing
    }
  }

  var cause: BuildCause.PullRequest {
    let (head, base) = (pullRequest.head, pullRequest.base)
    // Where it is not told whose it is, it is a stranger's.
    let isOwn = head.repo.map { $0.fullName.lowercased() == repository.fullName.lowercased() } ?? false
    return BuildCause.PullRequest(
      repository: repository.fullName, number: number, ref: "refs/pull/\(number)/head", branch: head.ref,
      commit: head.sha.lowercased(), base: base.ref, baseCommit: base.sha.lowercased(), isFork: !isOwn)
  }

  var news: PullRequestNews { PullRequestNews(cause, identities: repository.identities, updated: updated) }

  /// What makes it the same event when another hook, with another number, tells of it: the request may be closed and opened
  /// again with the same head, but not in the same second.
  func delivery(_ number: String?) -> Delivery {
    let pull = cause
    let name = "\(RepositoryIdentity.of(pull.repository)):\(pull.number)"
    let identity = "pull:\(name):\(action):\(pull.commit):\(pullRequest.updatedAt ?? "")"
    let lasting = [number.map { "github:\($0)" }, updated == nil ? nil : identity].compactMap(\.self)
    return Delivery(lasting: lasting, recent: updated == nil ? [identity] : [])
  }

  private var updated: Timestamp? {
    pullRequest.updatedAt.flatMap { try? Date($0, strategy: .iso8601) }
      .flatMap { Int64(exactly: ($0.timeIntervalSince1970 * 1_000).rounded()) }.map(Timestamp.init(milliseconds:))
  }

  /// Refuses what no forge sends, before it comes near a key or a command.
  func check() throws {
    let (head, base) = (pullRequest.head, pullRequest.base)
    do {
      for branch in [head.ref, base.ref] { try GitRef.check("refs/heads/\(branch)") }
    } catch {
      throw RequestError(.unprocessableContent, "invalid", error.message, remedy: error.remedy)
    }
    let isPlausible =
      (1...999_999_999).contains(number) && action.utf8.count <= 100
      && [head.sha, base.sha].allSatisfy(PushEvent.isCommit) && RepositoryAddress.isForgeName(repository.fullName)
      && base.repo?.fullName.lowercased() ?? repository.fullName.lowercased() == repository.fullName.lowercased()
      && repository.identities.allSatisfy { !$0.isEmpty && $0.utf8.count <= 300 }
      && pullRequest.updatedAt?.utf8.count ?? 0 <= 40
    guard isPlausible else {
      throw RequestError(
        .unprocessableContent, "invalid", "the event names no commit, pull request or repository",
        remedy: "see the forge's log")
    }
  }
}
