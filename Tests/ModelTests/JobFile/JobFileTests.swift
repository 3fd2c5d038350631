import Testing

@testable import Model

struct JobFileTests {
  private static let everything = #"""
    {
      "$schema": "./job.schema.json", "job": "library", "description": "All that the format can say", "priority": -3,
      "parameters": [
        { "name": "ref", "type": "string", "default": "refs/heads/main" }, { "name": "given" },
        { "name": "mode", "type": "choice", "choices": ["debug", "release"], "default": "debug" },
        { "name": "fast", "type": "boolean", "default": true }, { "name": "count", "type": "integer", "default": -4 }
      ],
      "triggers": [
        { "on": "push", "repository": "octo/library", "branches": ["main", "release/**"], "tags": ["v*"], "paths": ["src/**"] },
        { "on": "push", "repository": "file:///srv/git/library.git" },
        { "on": "schedule", "cron": "17 3 * * 1-5", "timezone": "Europe/Helsinki", "catchUp": "all" },
        { "on": "schedule", "cron": "@daily" },
        { "on": "poll", "repository": "https://git.example.org/library.git", "branches": ["main"], "every": "10m" },
        { "on": "poll", "repository": "octo/library" },
        { "on": "pull-request", "repository": "octo/library", "branches": ["main", "release/*"], "forks": "build" },
        { "on": "pull-request", "repository": "octo/library" }
      ],
      "tasks": [
        { "name": "source", "type": "git-checkout", "repository": "https://example.org/a.git", "ref": "${ref}",
          "directory": "src", "submodules": true },
        { "name": "deps", "type": "copy-artifacts", "needs": [], "from": { "job": "toolchain", "build": 12 },
          "files": ["*.tar.zst"], "into": "deps", "ifMissing": "warn" },
        { "name": "test", "type": "execute-shell", "needs": ["source", "deps"], "labels": ["linux", "big"],
          "script": "echo ${not_ours} \"$DISTCI_BUILD\"\n", "environment": { "LC_ALL": "C.UTF-8", "B": "${branch}$${x}" },
          "directory": "src/${mode}", "timeout": "20m", "idleTimeout": "300s" },
        { "name": "list", "type": "execute-shell", "command": ["ls", "-l", "${branch}"] },
        { "name": "publish", "type": "publish-artifacts", "needs": ["test"], "files": ["src/dist/**"], "ifMissing": "ignore" }
      ],
      "then": [
        { "job": "application", "on": "success", "parameters": { "library": "${build}", "n": 5, "b": true } },
        { "job": "page-the-team", "on": "failure" }, { "job": "report", "on": "always" }, { "job": "next" },
        { "job": "release", "all": ["library", "documentation"] }
      ]
    }
    """#

  @Test func everythingIsRead() throws {
    let job = try JobFile.parse(Self.everything)
    #expect(job.name.rawValue == "library" && job.priority == -3)
    #expect(job.parameters.map(\.kind) == [.string, .string, .choice(["debug", "release"]), .boolean, .integer])
    #expect(job.parameters.map(\.default) == ["refs/heads/main", nil, "debug", "true", "-4"])
    #expect(
      job.triggers == [
        .push(
          PushTrigger(repository: "octo/library", branches: ["main", "release/**"], tags: ["v*"], paths: ["src/**"])),
        .push(PushTrigger(repository: "file:///srv/git/library.git")),
        .schedule(ScheduleTrigger(cron: "17 3 * * 1-5", timezone: "Europe/Helsinki", catchUp: .all)),
        .schedule(ScheduleTrigger(cron: "@daily")),
        .poll(PollTrigger(repository: "https://git.example.org/library.git", branches: ["main"], every: 600)),
        .poll(PollTrigger(repository: "octo/library")),
        .pullRequest(
          PullRequestTrigger(repository: "octo/library", branches: ["main", "release/*"], forks: .build)),
        .pullRequest(PullRequestTrigger(repository: "octo/library", forks: .approve)),
      ])
    #expect(
      job.tasks.map(\.work) == [
        .gitCheckout(
          GitCheckout(repository: "https://example.org/a.git", ref: "${ref}", directory: "src", submodules: true)),
        .copyArtifacts(
          CopyArtifacts(
            job: try JobName("toolchain"), build: "12", files: ["*.tar.zst"], into: "deps", ifMissing: .warn)),
        .executeShell(
          ExecuteShell(
            command: .script("echo ${not_ours} \"$DISTCI_BUILD\"\n"),
            environment: ["LC_ALL": "C.UTF-8", "B": "${branch}$${x}"], directory: "src/${mode}")),
        .executeShell(ExecuteShell(command: .arguments(["ls", "-l", "${branch}"]))),
        .publishArtifacts(PublishArtifacts(files: ["src/dist/**"], ifMissing: .ignore)),
      ])
    #expect(job.tasks[2].labels.map(\.rawValue) == ["big", "linux"])
    #expect(job.tasks[2].timeout == 1200 && job.tasks[2].idleTimeout == 300)
    #expect(job.then.map(\.on) == [.success, .failure, .always, .success, .success])
    #expect(job.then.map(\.all.count) == [0, 0, 0, 0, 2] && job.then[4].all[1].rawValue == "documentation")
    #expect(
      job.then[0].parameters == [
        try ParameterName("library"): "${build}", try ParameterName("n"): "5", try ParameterName("b"): "true",
      ])
  }

  /// Without `needs` a task follows the one above it; `[]` starts at once.
  @Test func order() throws {
    let needs = try JobFile.parse(Self.everything).tasks.map { $0.needs.map(\.rawValue) }
    #expect(needs == [[], [], ["source", "deps"], ["test"], ["test"]])
  }

  @Test func defaults() throws {
    let job = try JobFile.parse(
      #"""
      {"job":"j","tasks":[{"name":"a","type":"git-checkout","repository":"/r"},
       {"name":"b","type":"copy-artifacts","from":{"job":"x"},"files":["a"]},
       {"name":"c","type":"publish-artifacts","files":["a"]}]}
      """#)
    #expect(
      job.tasks.map(\.work) == [
        .gitCheckout(GitCheckout(repository: "/r", ref: "HEAD", directory: "", submodules: false)),
        .copyArtifacts(
          CopyArtifacts(job: try JobName("x"), build: "latest-successful", files: ["a"], into: "", ifMissing: .fail)),
        .publishArtifacts(PublishArtifacts(files: ["a"], ifMissing: .fail)),
      ])
    #expect(job.tasks.allSatisfy { $0.timeout == nil && $0.idleTimeout == nil && $0.labels.isEmpty })
  }

  /// Reading what was written gives the job back, and writing it again gives the same text.
  @Test func roundTrip() throws {
    for job in try [JobFile.parse(Self.everything)] + Samples.names.map(Samples.job) {
      let again = try JobFile.parse(job.json)
      #expect(again == job)
      #expect(again.json == job.json)
    }
  }

  @Test(arguments: Samples.names) func samplesAreValid(name: String) throws {
    #expect(try Samples.job(name).name.rawValue == name)
  }

  /// Without a list every branch counts and no tag; with one, only what it names.
  @Test(arguments: [
    ([], [], true, false), (["main"], [], true, false), (["x"], [], false, false), ([], ["v*"], false, true),
    (["m*"], ["v*"], true, true), (["x"], ["x"], false, false),
  ]) func pushes(branches: [String], tags: [String], takesMain: Bool, takesVersion: Bool) throws {
    let trigger = PushTrigger(repository: "o/n", branches: branches, tags: tags)
    #expect(try trigger.accepts(branch: "main") == takesMain)
    #expect(try trigger.accepts(tag: "v1") == takesVersion)
  }

  @Test func changedPaths() throws {
    var trigger = PushTrigger(repository: "o/n")
    #expect(try trigger.accepts(changedPaths: ["README.md"]))
    trigger.paths = ["src/**", "*.json"]
    #expect(try trigger.accepts(changedPaths: ["README.md", "src/a/b.c"]))
    #expect(try !trigger.accepts(changedPaths: ["README.md", "docs/x.json"]))
  }
}
