package import Model
import Synchronization

/// The pages of large builds, as they stood when they were last written or read here. What a page of a name holds never
/// changes, so nothing here is out of date; it is bounded because there may be many.
package final class PageCache: Sendable {
  private struct Content {
    var builds: [BuildID: StoredPages] = [:]
    var pages = 0
  }

  private let content = Mutex(Content())
  private let most: Int

  /// - Parameter most: of 16 tasks each, so four thousand pages are some tens of megabytes.
  package init(most: Int = 4_000) {
    self.most = most
  }

  package func pages(of build: BuildID) -> StoredPages { content.withLock { $0.builds[build] ?? StoredPages() } }

  package func keep(_ pages: StoredPages, of build: BuildID) {
    content.withLock { content in
      let earlier = content.builds[build]?.table.pageCount ?? 0
      if content.pages - earlier + pages.table.pageCount > most { content = Content() }
      let replaced = content.builds.updateValue(pages, forKey: build)
      content.pages += pages.table.pageCount - (replaced?.table.pageCount ?? 0)
    }
  }
}
