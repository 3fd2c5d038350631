import Foundation
import HTTPTypes
import Model
import SharedRepository
import Testing

@testable import Frontend

@Suite struct SafetyTests {
  /// Under which names a frontend on the loopback answers, when its public name is `ci.example.org`.
  @Test(arguments: [
    ("localhost", 200), ("localhost:8080", 200), ("127.0.0.1", 200), ("[::1]:8080", 200), ("LOCALHOST", 200),
    ("ci.example.org", 200), ("CI.example.org:443", 200), ("evil.example", 421), ("localhost.evil.example", 421),
    ("127.0.0.1.evil.example", 421), ("ci.example.org:8443", 421), ("", 400), ("a@localhost", 400),
    ("localhost:x", 400), ("localhost:+80", 400), ("localhost:", 400), ("localhost:80000", 400),
    ("192.0.2.1", 421),
  ])
  func namesOfTheServer(host: String, status: Int) async throws {
    try await Place.with(FrontendConfiguration(port: 0, publicNames: ["ci.example.org"])) { place in
      let answer = try await place.server.send("GET", "/healthz", ["Host": host])
      #expect(answer.status == status)
    }
  }

  /// Under which names a frontend answers that other machines reach.
  @Test(arguments: [
    ("ci.example.org", ["ci.example.org"], true), ("CI.example.org:443", ["ci.example.org"], true),
    ("evil.example", ["ci.example.org"], false), ("evil.example", [], false), ("192.0.2.1:8080", [], true),
    ("[2001:db8::1]:8080", ["ci.example.org"], true), ("192.0.2.1.evil.example", [], false), ("[192.0.2.1]", [], false),
    ("localhost:8080", [], true),
  ])
  func namesOfAServerThatOthersReach(host: String, publicNames: [String], isKnown: Bool) throws {
    let names = ServerNames(FrontendConfiguration(host: "0.0.0.0", publicNames: publicNames))
    #expect(names.contains(try #require(Authority(host))) == isKnown)
  }

  @Test(arguments: [
    ("127.0.0.1", true), ("127.1.2.3", true), ("::1", true), ("0:0:0:0:0:0:0:1", true), ("localhost", true),
    ("127.evil.example", false), ("127.0.0.1.evil.example", false), ("0.0.0.0", false), ("::", false),
    ("192.0.2.1", false),
  ])
  func addressesThatOnlyThisMachineReaches(host: String, isLoopback: Bool) {
    #expect(FrontendConfiguration(host: host).isLoopback == isLoopback)
  }

  /// Which pages may change something on `localhost:8080`.
  @Test(arguments: [
    (["Origin": "http://localhost:8080"], 201), ([:], 201), (["Origin": "https://ci.example.org"], 201),
    (["Origin": "http://localhost:9090"], 403), (["Origin": "https://evil.example"], 403), (["Origin": "null"], 403),
    (["Origin": "http://localhost:8080.evil.example"], 403), (["Sec-Fetch-Site": "cross-site"], 403),
    (["Sec-Fetch-Site": "same-site"], 403), (["Sec-Fetch-Site": "same-origin"], 201),
  ])
  func originsThatMayChangeThings(headers: [String: String], status: Int) async throws {
    try await Place.with(FrontendConfiguration(port: 0, publicNames: ["ci.example.org"])) { place in
      try await place.define("library")
      let headers = headers.merging(["Host": "localhost:8080"]) { $1 }
      let answer = try await place.server.send("POST", "/api/v1/jobs/library/builds", headers)
      #expect(answer.status == status)
    }
  }

  @Test func noRouteThatChangesSomethingTakesAnotherSitesRequest() async throws {
    try await Place.with { place in
      for route in RouteTable.routes where route.access == .write || route.access == .signed {
        let answer = try await place.server.send(
          route.method.rawValue, route.path.filled, ["Origin": "https://evil.example"])
        #expect(answer.status == 403, "\(route.method) \(route.path)")
      }
    }
  }

  @Test func everyRouteAnswersWithTheHeadersOfSafety() async throws {
    try await Place.with { place in
      for route in RouteTable.routes {
        let answer = try await place.server.send(route.method.rawValue, route.path.filled)
        #expect(answer.status < 500, "\(route.method) \(route.path)")
        #expect(answer.headers["x-content-type-options"] == "nosniff")
        let policy = try #require(answer.headers["content-security-policy"])
        #expect(policy.contains("default-src 'none'") && !policy.contains("unsafe"))
        if answer.status >= 400 { #expect(try answer.json(ErrorView.self).remedy.isEmpty == false) }
      }
    }
  }

  @Test func noRouteTakesAMethodThatIsNotItsOwn() async throws {
    try await Place.with { place in
      let paths = Dictionary(grouping: RouteTable.routes, by: \.path)
      for (path, routes) in paths where !path.contains("**") {
        let answer = try await place.server.send("PATCH", path.filled)
        #expect(answer.status == 405, "\(path)")
        #expect(answer.headers["allow"] == routes.map(\.method.rawValue).sorted().joined(separator: ", "))
        #expect(try answer.json(ErrorView.self).code == "method-not-allowed")
      }
    }
  }

  @Test(arguments: ["/nothing", "/api/v1/nothing", "/api/v2/jobs", "/assets/../index.html", "/api/v1/jobs/a/b/c"])
  func unknownAddresses(path: String) async throws {
    try await Place.with { place in
      let answer = try await place.server.send("GET", path)
      #expect(answer.status == 404)
      #expect(try answer.json(ErrorView.self).code == "not-found")
    }
  }

  @Test func pagesHoldNoScriptOfTheirOwn() async throws {
    try await Place.with { place in
      let page = try await place.server.send("GET", "/jobs/library/builds/1")
      #expect(page.headers["content-type"] == "text/html; charset=utf-8")
      #expect(!page.text.contains("<script>") && !page.text.contains("style=") && !page.text.contains("http"))
      let script = try await place.server.send("GET", "/assets/app.js")
      #expect(script.headers["content-type"] == "text/javascript; charset=utf-8")
      for sink in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"] {
        #expect(!script.text.contains(sink))
      }
    }
  }

  @Test func bodiesAndHeadersHaveTheirLimits() async throws {
    try await Place.with { place in
      let large = try await place.server.send(
        "PUT", "/api/v1/jobs/library", body: String(repeating: " ", count: JobLimits.bytes + 1))
      #expect(large.status == 413)
      let start = try await place.server.send(
        "POST", "/api/v1/jobs/library/builds", body: String(repeating: " ", count: 65 * 1024))
      #expect(start.status == 413)
      let bomb = try await place.server.send("GET", "/healthz", ["X-Bomb": String(repeating: "b", count: 100 * 1024)])
      #expect(bomb.status == 400)
      let many = Dictionary(uniqueKeysWithValues: (0..<200).map { ("X-\($0)", "1") })
      let headers = try await place.server.send("GET", "/healthz", many)
      #expect(headers.status == 400)
    }
  }

  /// Two readers that understand a request differently could be made to see different requests.
  @Test(arguments: [
    "GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
    "GET /healthz HTTP/1.1\r\nHost : localhost\r\n\r\n", "GET /healthz HTTP/1.1\r\nHost: localhost\r\n X: y\nZ\r\n\r\n",
    "GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
    "GET /healthz HTTP/1.1\r\nHost: localhost\r\nhost: localhost\r\nConnection: close\r\n\r\n",
    "POST /api/v1/jobs/library/builds HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n",
    "POST /api/v1/jobs/library/builds HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n",
    "POST /api/v1/jobs/library/builds HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
      + "fffffffffffffffff\r\n{}\r\n",
  ])
  func ambiguousRequestsAreRefused(request: String) async throws {
    try await Place.with { place in
      let answer = try await place.server.sendRaw(Array(request.utf8))
      #expect(answer.status == 400)
    }
  }

  @Test func withoutASessionOnlyTheProcessIsUp() async throws {
    try await Place.with { place in
      let other = RepositoryConnection(store: place.store, objects: place.objects) { Timestamp(milliseconds: 0) }
      try await Place.serving(other) { server in
        let up = try await server.send("GET", "/healthz")
        #expect(up.status == 200)
        for path in ["/readyz", "/api/v1/jobs", "/api/v1/workers"] {
          let answer = try await server.send("GET", path)
          #expect(answer.status == 503)
          #expect(answer.headers["retry-after"] != nil)
          #expect(try answer.json(ErrorView.self).code == "unavailable")
        }
      }
      let ready = try await place.server.send("GET", "/readyz")
      #expect(ready.status == 200)
    }
  }
}

extension String {
  /// The path with something in the place of what differs.
  fileprivate var filled: String {
    replacingOccurrences(of: "{job}", with: "library").replacingOccurrences(of: "{build}", with: "1")
      .replacingOccurrences(of: "{task}", with: "test").replacingOccurrences(of: "**", with: "dist/a.txt")
  }
}
