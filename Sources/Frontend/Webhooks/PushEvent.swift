import HTTPTypes
import Model
import SharedRepository

/// What a forge says of a push: the fields that matter here. All of them are hostile text.
struct PushEvent: Decodable, Sendable {
  struct Repository: Decodable, Sendable {
    var fullName: String
    var cloneURL: String?
    var sshURL: String?
    var pageURL: String?
    /// Names that no forge gives it: those of one that tells of pushes itself.
    var otherNames: [String] = []
    /// Whether it is no forge's.
    var isLocal = false

    enum CodingKeys: String, CodingKey {
      case fullName = "full_name"
      case cloneURL = "clone_url"
      case sshURL = "ssh_url"
      case pageURL = "html_url"
    }

    /// The names under which jobs may know it.
    var identities: [String] {
      let addresses = [fullName, cloneURL, sshURL, pageURL]
      return Set((addresses.compactMap(\.self) + otherNames).map(RepositoryIdentity.of)).sorted()
    }
  }

  struct Commit: Decodable, Sendable {
    var added: [String]?
    var removed: [String]?
    var modified: [String]?
  }

  var ref: String
  var before: String
  var after: String
  var deleted: Bool?
  var forced: Bool?
  /// `nil` where it is not told which files were changed.
  var commits: [Commit]?
  var repository: Repository

  /// Beyond so many commits a forge leaves some out, so the changed files are not all known.
  private static let mostCommits = 2_048

  /// The files that the push changed; `nil` when that is not known.
  var changedPaths: Set<String>? {
    guard forced != true, let commits, !commits.isEmpty, commits.count < Self.mostCommits else { return nil }
    return commits.reduce(into: []) { paths, commit in
      for list in [commit.added, commit.removed, commit.modified] { paths.formUnion(list ?? []) }
    }
  }

  var isDeletion: Bool { deleted == true || after.allSatisfy { $0 == "0" } }

  /// The names under which jobs may know the repository.
  var identities: [String] { repository.identities }

  /// What it is for a job that waits for it with this trigger. What a forge calls `owner/name` is the same everywhere; a
  /// repository of this machine is for each job what that calls it.
  func cause(for trigger: PushTrigger) -> BuildCause.Push {
    let name = repository.isLocal ? trigger.repository : repository.fullName
    let isNew = before.allSatisfy { $0 == "0" }
    return BuildCause.Push(repository: name, ref: ref, commit: after, before: isNew ? nil : before)
  }

  /// What makes it the same push when another hook, with another number, tells of it at about the same time. Later, the
  /// same change of the ref is another push: it may have been pushed back and forth.
  var identity: String { "push:\(RepositoryIdentity.of(repository.fullName)):\(ref):\(before):\(after)" }

  /// Refuses what no forge sends, before it comes near a key or a command.
  func check() throws {
    do {
      try GitRef.check(ref)
    } catch {
      throw RequestError(.unprocessableContent, "invalid", error.message, remedy: error.remedy)
    }
    let isPlausible =
      Self.isObjectName(before) && Self.isObjectName(after) && ref.hasPrefix("refs/")
      && identities.allSatisfy { !$0.isEmpty && $0.utf8.count <= 300 }
      && repository.fullName.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    guard isPlausible else {
      throw RequestError(
        .unprocessableContent, "invalid", "the event names no commit, ref or repository", remedy: "see the forge's log")
    }
  }

  static func isCommit(_ text: String) -> Bool { isObjectName(text) && text.contains { $0 != "0" } }

  private static func isObjectName(_ text: String) -> Bool {
    [40, 64].contains(text.utf8.count)
      && text.unicodeScalars.allSatisfy { $0.properties.isASCIIHexDigit }
  }
}
