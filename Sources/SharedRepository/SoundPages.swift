import Model
import Synchronization

/// The pages of large builds that this process has found to be sound. What a page of a name holds never changes, so each is
/// looked at once; bounded because there may be many.
package final class SoundPages: Sendable {
  /// A page is sound in its place: its tasks are counted from it.
  private struct Page: Hashable {
    var name: PageName
    var index: Int
  }

  private let known = Mutex<Set<Page>>([])
  private let most: Int

  /// - Parameter most: of some tens of bytes each.
  package init(most: Int = 8_000) {
    self.most = most
  }

  /// The pages that are still to be looked at. Those to whose tasks nothing has happened need not be.
  func unknown(_ names: [PageName]) -> Set<Int> {
    known.withLock { known in
      Set(
        names.indices.filter {
          names[$0] != .untouched && !known.contains(Page(name: names[$0], index: $0))
        })
    }
  }

  func add(_ pages: Set<Int>, of names: [PageName]) {
    guard !pages.isEmpty else { return }
    known.withLock { known in
      if known.count + pages.count > most { known = [] }
      for index in pages { known.insert(Page(name: names[index], index: index)) }
    }
  }
}

extension SharedRepository {
  /// Refuses a state that was read and that nobody can have written, before anybody works with it.
  ///
  /// - Parameter pages: on which the states of its tasks stand; those that were looked at before cost nothing.
  /// - Throws: ``RepositoryError`` with `damaged`.
  func check(_ state: BuildState, of build: BuildID, on pages: StoredPages) throws {
    let unknown = soundPages.unknown(pages.names)
    let flaw = state.flaw { pages.names.isEmpty || unknown.contains($0) }
    if let flaw { throw RepositoryError.flawedState(of: build, flaw) }
    soundPages.add(unknown, of: pages.names)
  }
}

extension RepositoryError {
  static func flawedState(of build: BuildID, _ flaw: String) -> RepositoryError {
    RepositoryError(
      .damaged, "the state of build \(build) is damaged: \(flaw)",
      remedy: "start the build again, and look after the stores")
  }
}
