import Testing

@testable import Model

struct Format2013Tests {
  private static let sample = #"""
    { "configuration-version": "2013-02-26", "job_id": "distci",
      "tasks": [
        {"type":"git-checkout","params":{"repository":"https://github.com/F-Secure/distci.git","ref":"refs/heads/master","checkout-dir":"distci"}},
        {"type":"copy-artifacts","params":{"job":"upstream-job","artifacts":["dist/*.egg"],"target_directory":"deps"}},
        {"type":"execute-shell","params":{"working_directory":"distci","script":"make tests\nmake\n","timeout":600,"nodelabels":["debian7"]}},
        {"type":"publish-artifacts","params":{"artifacts":["distci/dist/*.egg","distci/build.log"]}} ],
      "downstream_jobs": ["other-job"], "triggers": [{"type":"github-webhook","params":null}] }
    """#

  @Test func theSampleMeansWhatItMeant() throws {
    let repository = "https://github.com/F-Secure/distci.git"
    let names = try [
      "task-1-git-checkout", "task-2-copy-artifacts", "task-3-execute-shell", "task-4-publish-artifacts",
    ]
    .map { try TaskName($0) }
    let expected = Job(
      name: try JobName("distci"), triggers: [.push(PushTrigger(repository: repository, branches: ["master"]))],
      tasks: [
        TaskDefinition(
          name: names[0], needs: [],
          work: .gitCheckout(GitCheckout(repository: repository, ref: "refs/heads/master", directory: "distci"))),
        TaskDefinition(
          name: names[1], needs: [names[0]],
          work: .copyArtifacts(
            CopyArtifacts(
              job: try JobName("upstream-job"), build: "latest-successful", files: ["dist/**.egg"], into: "deps",
              ifMissing: .ignore))),
        TaskDefinition(
          name: names[2], needs: [names[1]], labels: [try Label("debian7")], timeout: 600,
          work: .executeShell(ExecuteShell(command: .script("make tests\nmake\n"), directory: "distci"))),
        TaskDefinition(
          name: names[3], needs: [names[2]],
          work: .publishArtifacts(
            PublishArtifacts(files: ["distci/dist/*.egg", "distci/build.log"], ifMissing: .ignore))),
      ],
      then: [Continuation(job: try JobName("other-job"), on: .success)])
    let job = try JobFile.parse(Self.sample)
    #expect(job == expected)
    #expect(try JobFile.parse(job.json) == job)
  }

  @Test func defaults() throws {
    let job = try JobFile.parse(
      #"{"job_id":"j","tasks":[{"type":"git-checkout","params":{"repository":"/r"}}]}"#)
    #expect(job.tasks[0].work == .gitCheckout(GitCheckout(repository: "/r", ref: "refs/heads/master")))
    #expect(job.triggers.isEmpty && job.then.isEmpty)
  }

  /// A webhook fired for exactly the refs that the job checks out; a plain name is taken for a branch.
  @Test(
    arguments: [
      ("refs/heads/a*b", ["a\\*b"], []), ("refs/tags/v1", [], ["v1"]), ("main", ["main"], []),
    ] as [(String, [String], [String])])
  func webhooks(ref: String, branches: [String], tags: [String]) throws {
    let triggers = Format2013.triggers(for: [
      TaskDefinition(name: try TaskName("t"), needs: [], work: .gitCheckout(GitCheckout(repository: "/r", ref: ref)))
    ])
    #expect(triggers == [.push(PushTrigger(repository: "/r", branches: branches, tags: tags))])
  }

  /// Two checkouts of one repository make one trigger; a ref that is neither branch nor tag makes none.
  @Test func webhooksOfSeveralCheckouts() throws {
    let checkouts = [
      ("/r", "refs/heads/a"), ("/s", "x"), ("/r", "refs/tags/v"), ("/r", "a"), ("/t", "refs/pull/1/head"),
    ]
    let triggers = Format2013.triggers(
      for: try checkouts.map { repository, ref in
        TaskDefinition(
          name: try TaskName("t"), needs: [], work: .gitCheckout(GitCheckout(repository: repository, ref: ref)))
      })
    #expect(
      triggers == [
        .push(PushTrigger(repository: "/r", branches: ["a"], tags: ["v"])),
        .push(PushTrigger(repository: "/s", branches: ["x"])),
      ])
  }

  /// The patterns of copying were Python's `fnmatch`, in which `*` crosses directories.
  @Test(arguments: [
    ("dist/*.egg", "dist/a.egg", true), ("dist/*.egg", "dist/x/a.egg", true), ("*", "a/b", true), ("*/x", "x", false),
    ("*/x", "a/b/x", true), ("a/*/b", "a/b", false), ("a/*/b", "a/x/b", true), ("**/x", "x", false),
    ("a\\b", "a\\b", true),
  ]) func copyingPatterns(pattern: String, path: String, expected: Bool) throws {
    #expect(try Glob(Format2013.glob(fnmatch: pattern)).matches(path) == expected)
  }

  /// Nothing was substituted in 2013.
  @Test func textsAreLiteral() throws {
    let job = try JobFile.parse(
      #"{"job_id":"j","tasks":[{"type":"publish-artifacts","params":{"artifacts":["${build}/x"]}}]}"#)
    guard case .publishArtifacts(let publish) = try job.tasks[0].resolved(with: [:]).work else {
      Issue.record("not a publish-artifacts task")
      return
    }
    #expect(publish.files == ["${build}/x"])
  }

  /// The old format is checked as strictly as the new one.
  @Test(arguments: [
    (
      #"{"job_id":"j","tasks":[{"type":"execute-shell","params":{"script":"x","labels":[]}}]}"#, "unknownKey",
      "tasks[0].params.labels"
    ),
    (#"{"job_id":"j","tasks":[{"type":"execute-shell","params":{}}]}"#, "missingKey", "tasks[0].params"),
    (#"{"job_id":"j","name":"x","tasks":[{"type":"execute-shell","params":{"script":"x"}}]}"#, "unknownKey", "name"),
    (
      #"{"job_id":"j","tasks":[{"type":"execute-shell","params":{"script":"x"},"needs":[]}]}"#, "unknownKey",
      "tasks[0].needs"
    ),
    (#"{"job_id":"j","tasks":[{"type":"dance","params":{}}]}"#, "invalidValue", "tasks[0].type"),
    (#"{"job_id":"j","tasks":[]}"#, "invalidValue", "tasks"),
    (#"{"tasks":[{"type":"execute-shell","params":{"script":"x"}}]}"#, "missingKey", ""),
    (
      #"{"job_id":"j","triggers":[{"type":"cron"}],"tasks":[{"type":"execute-shell","params":{"script":"x"}}]}"#,
      "invalidValue", "triggers[0].type"
    ),
    (
      #"{"job_id":"j","tasks":[{"type":"execute-shell","params":{"script":"x","timeout":0}}]}"#, "invalidValue",
      "tasks[0].params.timeout"
    ),
    (
      #"{"job_id":"j","tasks":[{"type":"execute-shell","params":{"script":"x","working_directory":"../x"}}]}"#,
      "invalidValue", "tasks[0].params.working_directory"
    ),
    (
      #"{"job_id":"j","tasks":[{"type":"git-checkout","params":{"repository":"ext::id"}}]}"#, "invalidValue",
      "tasks[0].params.repository"
    ),
  ]) func refused(text: String, code: String, path: String) {
    let diagnostics = JobFile.diagnostics(text)
    #expect(diagnostics.map(\.code.rawValue) == [code])
    #expect(diagnostics.map(\.path) == [path])
  }
}
