import Testing

@testable import Model

/// `jobFiles`, and what the files may do that are read by it.
struct KeptJobFileTests {
  private static let reader = #"""
    { "job": "octo-files", "priority": 3,
      "triggers": [{ "on": "push", "repository": "octo/library" }],
      "tasks": [
        { "name": "read", "type": "git-checkout", "repository": "https://git.example.org/octo/library.git",
          "jobFiles": {
            "files": ["ci/*.json"], "default": "trunk", "jobs": ["library", "library-*"], "labels": ["linux", "arm"],
            "repositories": ["https://git.example.org/octo/tools.git"], "otherJobs": ["toolchain"],
            "allow": ["deploy"] } } ] }
    """#

  private func bounds(_ text: String = reader) throws -> KeptFileBounds {
    try #require(KeptFileBounds(try JobFile.parse(text)))
  }

  private func diagnostics(_ text: String) throws -> [Diagnostic] {
    let bounds = try bounds()
    do throws(InvalidJobFile) {
      _ = try KeptJobFile.parse(Array(text.utf8), file: "ci/a.json", within: bounds)
      return []
    } catch {
      return error.diagnostics
    }
  }

  @Test func everythingIsRead() throws {
    let job = try JobFile.parse(Self.reader)
    let reading = try #require(job.reading)
    #expect(reading.files.files == ["ci/*.json"] && reading.files.default == "trunk" && reading.work.ref == "trunk")
    #expect(reading.files.labels.map(\.rawValue) == ["arm", "linux"] && reading.files.allow == [.deploy])
    #expect(reading.files.otherJobs.map(\.rawValue) == ["toolchain"] && reading.files.repositories.count == 1)
    #expect(try JobFile.parse(job.json) == job)
    let short = #"{"job":"j","tasks":[{"name":"a","type":"git-checkout","repository":"/r","jobFiles":{"jobs":["x"]}}]}"#
    let files = try #require(try JobFile.parse(short).reading?.files)
    #expect(files == JobFiles(files: [".distci/*.json"], default: "main", jobs: ["x"]))
  }

  /// One row for each thing that can be wrong with the key.
  @Test(arguments: [
    (#"{}"#, "missingKey", "tasks[0].jobFiles", "\"jobs\""),
    (#"{"jobs":[]}"#, "invalidValue", "tasks[0].jobFiles.jobs", "nothing is named"),
    (#"{"jobs":["x"],"files":["../x"]}"#, "invalidValue", "tasks[0].jobFiles.files[0]", "'..'"),
    (#"{"jobs":["x"],"default":"refs/heads/x"}"#, "invalidValue", "tasks[0].jobFiles.default", "leave out refs/heads/"),
    (#"{"jobs":["x"],"allow":["deply"]}"#, "invalidValue", "tasks[0].jobFiles.allow[0]", "did you mean \"deploy\""),
    (#"{"jobs":["x"],"label":["a"]}"#, "unknownKey", "tasks[0].jobFiles.label", "did you mean \"labels\""),
    (#"{"jobs":["x"],"repositories":["octo"]}"#, "invalidValue", "tasks[0].jobFiles.repositories[0]", "address"),
  ])
  func mistakes(value: String, code: String, path: String, piece: String) {
    let text = #"{"job":"j","tasks":[{"name":"a","type":"git-checkout","repository":"/r","jobFiles":\#(value)}]}"#
    let diagnostics = JobFile.diagnostics(text)
    #expect(diagnostics.map { "\($0.code)" } == [code] && diagnostics.map(\.path) == [path], "\(diagnostics)")
    #expect(diagnostics.allSatisfy { $0.description.contains(piece) }, "\(diagnostics)")
  }

  @Test("One repository is read once in a job, by its own address, and never by a generated task")
  func once() throws {
    let read = #""type":"git-checkout","jobFiles":{"jobs":["x"]}"#
    let two = #"{"name":"a","repository":"/r",\#(read)},{"name":"b","repository":"/q",\#(read)}"#
    #expect(JobFile.diagnostics(#"{"job":"j","tasks":[\#(two)]}"#).map(\.code) == [.duplicate])
    let named = #"{"name":"a","repository":"/${branch}",\#(read)}"#
    #expect(JobFile.diagnostics(#"{"job":"j","tasks":[\#(named)]}"#).map(\.path) == ["tasks[0].repository"])
    let matrix = #"{"name":"a","repository":"/r","matrix":{"m":["1"]},\#(read)}"#
    #expect(JobFile.diagnostics(#"{"job":"j","tasks":[\#(matrix)]}"#).map(\.path) == ["tasks[0].matrix"])
    let list = #"[{"name":"a","repository":"/r",\#(read)}]"#
    let error = #expect(throws: InvalidJobFile.self) {
      try TaskList.parse(Array(list.utf8), file: "tasks.json", references: [])
    }
    #expect(error?.diagnostics.map(\.path) == ["[0].jobFiles"], "\(String(describing: error))")
  }

  @Test func whatIsAllowedIsTaken() throws {
    let text = #"""
      { "job": "library-a", "priority": 3, "concurrency": { "group": "library-${branch}" },
        "triggers": [{ "on": "push", "repository": "octo/library" }, { "on": "schedule", "cron": "@daily" }],
        "tasks": [
          { "name": "a", "type": "git-checkout", "repository": "https://git.example.org/octo/library" },
          { "name": "b", "type": "git-checkout", "repository": "https://git.example.org/octo/tools.git" },
          { "name": "c", "type": "copy-artifacts", "from": { "job": "toolchain" }, "files": ["x"] },
          { "name": "d", "type": "execute-shell", "script": "x", "labels": ["linux"], "deploy": true } ],
        "then": [{ "job": "library" }, { "job": "toolchain" }] }
      """#
    #expect(try diagnostics(text) == [])
  }

  /// One row for each thing that only an operator's job may do.
  @Test(arguments: [
    (#""job":"libraryx""#, "", "job", "\"jobs\" of the job octo-files"),
    (#""job":"library","priority":4"#, "", "priority", "3 is the most"),
    (#""job":"library","concurrency":{"group":"shop"}"#, "", "concurrency.group", "begin it with"),
    (#""job":"library","concurrency":{"group":"${branch}-library"}"#, "", "concurrency.group", "begin it with"),
    (#""job":"library","concurrency":{"group":"${job}x"}"#, "", "concurrency.group", "begin it with"),
    (#""job":"library","then":[{"job":"shop"}]"#, "", "then[0].job", "\"otherJobs\""),
    (#""job":"library","triggers":[{"on":"push","repository":"octo/shop"}]"#, "", "triggers[0].repository", "no other"),
    (#""job":"library","triggers":[{"on":"poll","repository":"/r"}]"#, "", "triggers[0].on", "write a push trigger"),
    (#""job":"library""#, #""type":"execute-shell","script":"x","labels":["big"]"#, "tasks[0].labels", "arm, linux"),
    (
      #""job":"library""#, #""type":"git-checkout","repository":"https://evil.example.org/octo/library.git""#,
      "tasks[0].repository", "\"repositories\""
    ),
    (
      #""job":"library","parameters":[{"name":"u","default":"/r"}]"#, #""type":"git-checkout","repository":"${u}""#,
      "tasks[0].repository", "cannot use ${…}"
    ),
    (
      #""job":"library""#,
      #""type":"git-checkout","repository":"https://git.example.org/octo/library","submodules":true"#,
      "tasks[0].submodules", "\"allow\" with \"submodules\""
    ),
    (
      #""job":"library""#,
      #""type":"git-checkout","repository":"https://git.example.org/octo/library","jobFiles":{"jobs":["*"]}"#,
      "tasks[0].jobFiles", "applied by hand"
    ),
    (
      #""job":"library""#, #""type":"copy-artifacts","from":{"job":"shop"},"files":["x"]"#, "tasks[0].from.job",
      "\"otherJobs\""
    ),
    (
      #""job":"library""#, #""type":"git-promote","repository":"https://git.example.org/octo/library","ref":"main""#,
      "tasks[0].type", "\"allow\" with \"git-promote\""
    ),
  ])
  func whatIsNotIsRefused(job: String, task: String, path: String, piece: String) throws {
    let task = task.isEmpty ? #""type":"execute-shell","script":"x""# : task
    let diagnostics = try diagnostics(#"{\#(job),"tasks":[{"name":"a",\#(task)}]}"#)
    #expect(diagnostics.map(\.path) == [path], "\(diagnostics)")
    #expect(diagnostics.allSatisfy { $0.description.contains(piece) && $0.file == "ci/a.json" }, "\(diagnostics)")
  }

  /// Addresses that read like one that may be used, and may lead elsewhere.
  @Test(arguments: [
    ("https://git.example.org/octo/library.git", "https://git.example.org/octo/library", true),
    ("https://git.example.org/octo/library", "https://git.example.org/octo/library.git", true),
    ("https://git.example.org/octo/library", "http://git.example.org/octo/library", false),
    ("https://git.example.org/octo/library", "https://eve@git.example.org/octo/library", false),
    ("https://git.example.org/octo/library", "https://git.example.org:8443/octo/library", false),
    ("https://git.example.org/octo/library", "https://git.example.org/octo/Library", false),
    ("https://git.example.org/octo/library", "https://git.example.org/octo/library/", false),
    ("https://git.example.org/octo/library", "https://git.example.org/octo/library.git.git", false),
    ("https://git.example.org/octo/library", "ssh://git.example.org/octo/library", false),
    ("git@git.example.org:octo/library.git", "eve@git.example.org:octo/library.git", false),
    ("git@git.example.org:octo/library.git", "git@git.example.org:octo/library", true),
    ("/srv/library.git", "/srv/library", false), ("/srv/library", "file:///srv/library", false),
    ("file:///srv/library", "file:///srv/library.git", false),
    // One letter of two scalars, and the same of one.
    ("https://git.example.org/octo/caf\u{e9}", "https://git.example.org/octo/cafe\u{301}", false),
  ])
  func lookAlikes(allowed: String, asked: String, isReached: Bool) throws {
    let bounds = try bounds(
      #"""
      { "job": "files", "tasks": [{ "name": "read", "type": "git-checkout", "repository": "\#(allowed)",
        "jobFiles": { "jobs": ["library"] } }] }
      """#)
    #expect(bounds.reaches(asked) == isReached && bounds.reaches(allowed))
  }

  @Test func thereIsNo2013FormatHere() throws {
    let text = #"{"job_id":"library","tasks":[]}"#
    #expect(try diagnostics(text).map(\.code) == [.notSupportedYet])
  }

  @Test("A pull request from a fork brings no files of its own, unless this very commit was approved")
  func pullRequests() {
    func source(isFork: Bool, approvedBy: String?) -> BuildCause.JobFileSource? {
      BuildCause.pullRequest(
        .init(
          repository: "octo/library", number: 7, ref: "refs/pull/7/head", branch: "patch", commit: "head",
          base: "main", baseCommit: "base", isFork: isFork, approvedBy: approvedBy)
      ).jobFiles
    }
    #expect(source(isFork: true, approvedBy: nil) == .init(repository: "octo/library", commit: "base", branch: "main"))
    for (isFork, by) in [(true, "ada"), (false, nil), (false, "ada")] {
      #expect(
        source(isFork: isFork, approvedBy: by) == .init(repository: "octo/library", commit: "head", branch: "patch"))
    }
  }
}
