import Model

extension ServerClient {
  /// - Returns: tests of a job in the order of their names, `limit` at most.
  func tests(of job: JobName, failing: Bool, flaky: Bool, limit: Int) async throws -> [TestSummaryView] {
    try await pages(limit: limit) { (last: TestSummaryView?) in
      var request = ServerRequest(.get, "jobs", job.rawValue, "tests")
      if let last { request.query.append(("after", last.name)) }
      if failing { request.query.append(("failing", nil)) }
      if flaky { request.query.append(("flaky", nil)) }
      return request
    }
  }

  func test(_ name: String, of job: JobName) async throws -> TestView {
    try await get(ServerRequest(.get, "jobs", job.rawValue, "tests", name))
  }
}
