import Foundation
import Testing

@testable import Model

/// The article that documents the format.
struct FormatArticleTests {
  @Test("names every key that a job file may have")
  func keys() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let article = try String(
      contentsOf: root.appending(path: "Sources/Model/Model.docc/JobFileFormat.md"), encoding: .utf8)
    let tables: [KeyTable] =
      [
        .job, .parameter, .pushTrigger, .scheduleTrigger, .pollTrigger, .continuation, .concurrency, .source, .when,
        .retry, .split, .deploy, .jobFiles,
      ] + KeyTable.taskTypes.values
    for key in Set(tables.flatMap(\.known)).sorted() { #expect(article.contains("`\(key)`"), "\(key)") }
    for type in KeyTable.taskTypes.keys { #expect(article.contains("### \(type)\n"), "\(type)") }
  }
}
