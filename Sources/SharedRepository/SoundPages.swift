import Model
import Synchronization

/// The pages of large builds that this process has found to be sound. What a page of a name holds never changes, so each is
/// looked at once; bounded because there may be many.
final class SoundPages: Sendable {
  private struct Content {
    /// For each page of a build its name. A page is sound in its place: its tasks are counted from it.
    var builds: [BuildID: [PageName]] = [:]
    var pages = 0
  }

  private let content = Mutex(Content())
  private let most: Int

  /// - Parameter most: of eight bytes each.
  init(most: Int = 20_000) {
    self.most = most
  }

  /// The pages that are still to be looked at. Those to whose tasks nothing has happened need not be.
  func unknown(_ names: [PageName], of build: BuildID) -> Set<Int> {
    guard !names.isEmpty else { return [] }
    let known = content.withLock { $0.builds[build] ?? [] }
    return Set(
      names.indices.filter {
        names[$0] != .untouched && !($0 < known.count && known[$0] == names[$0])
      })
  }

  /// - Parameter names: of all pages, none of which is unknown any more.
  func keep(_ names: [PageName], of build: BuildID) {
    content.withLock { content in
      let earlier = content.builds[build]?.count ?? 0
      if content.pages - earlier + names.count > most { content = Content() }
      content.pages += names.count - (content.builds.updateValue(names, forKey: build)?.count ?? 0)
    }
  }
}

extension SharedRepository {
  /// Refuses a state that was read and that nobody can have written, before anybody works with it.
  ///
  /// - Parameter pages: on which the states of its tasks stand; those that were looked at before cost nothing.
  /// - Throws: ``RepositoryError`` with `damaged`.
  func check(_ state: BuildState, of build: BuildID, on pages: StoredPages) throws {
    let unknown = soundPages.unknown(pages.names, of: build)
    let flaw = state.flaw { pages.names.isEmpty || unknown.contains($0) }
    if let flaw { throw RepositoryError.flawedState(of: build, flaw) }
    if !unknown.isEmpty { soundPages.keep(pages.names, of: build) }
  }
}

extension RepositoryError {
  static func flawedState(of build: BuildID, _ flaw: String) -> RepositoryError {
    RepositoryError(
      .damaged, "the state of build \(build) is damaged: \(flaw)",
      remedy: "start the build again, and look after the stores")
  }
}
