import Model
import Synchronization

/// Pages of large builds by their names. A page never changes; the cache is bounded because there may be many.
package final class PageCache: Sendable {
  private let pages = Mutex<[String: TaskTable.Page]>([:])
  private let most: Int

  /// - Parameter most: of 32 tasks each, so two thousand pages are some tens of megabytes.
  package init(most: Int = 2_000) {
    self.most = most
  }

  func page(_ name: String) -> TaskTable.Page? { pages.withLock { $0[name] } }

  func keep(_ page: TaskTable.Page, as name: String) {
    pages.withLock { pages in
      if pages.count >= most { pages.removeAll(keepingCapacity: true) }
      pages[name] = page
    }
  }

  func forget(_ name: String) { pages.withLock { $0[name] = nil } }
}
