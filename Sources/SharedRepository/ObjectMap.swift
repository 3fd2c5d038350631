package import Model
package import ObjectStorage

/// The map of the object store: every index and object that there is, who writes it, and how long it lives. Nothing builds
/// a key elsewhere.
///
/// | index | key → value | written by | lives |
/// |---|---|---|---|
/// | `indexes/jobs` | `job=JOB` → ``StoredJob`` | frontends; build-control, of jobs whose files are kept in a repository, before the end of the build that read them | until the job is deleted |
/// | `indexes/jobs` | `push=REPOSITORY=JOB` → nothing | frontends, with the entry above | the same |
/// | `indexes/jobs` | `pull=REPOSITORY=JOB` → nothing, of a job that waits for pull requests | frontends, with the entry above | the same |
/// | `indexes/jobs` | `clock=JOB` → nothing, of a job with schedules or polls | frontends, with the entry above | the same |
/// | `indexes/jobs` | `kept=READER=JOB` → nothing, of a job whose file READER read in its repository | build-control, with the job's entry | the same |
/// | `indexes/jobs` | `reading=READER=REPOSITORY` → the number of the newest build of READER whose reading of the default branch was taken over; no older one's is any more | build-control, before it keeps what was read | for ever |
/// | `indexes/builds/JOB` | the build's number, counted down from 9,999,999,999 so that the newest comes first → ``EndedBuild`` | build-control, before it removes the running build | for ever |
/// | `indexes/following/JOB` | `ENTRY=FOLLOWING`, the build as in `indexes/builds/JOB` and a build that starts after it and others → nothing; it counts once that one is there | build-control, before it starts that | for ever |
/// | `indexes/tests/JOB` | as in `indexes/builds/JOB` → ``StoredTests``; it counts once the build has ended | build-control, after the build's entry in history and before it removes the running build | until 100 newer builds have test results |
/// | `indexes/environments` | `environment=ENVIRONMENT` → nothing | build-control, before the environment's node | for ever |
/// | `indexes/environments` | `deploy=ENVIRONMENT=` and the deploy's position, counted down like builds → ``StoredDeploy`` | build-control, before the transaction that ends the task | for ever |
/// | `indexes/kept` | `lot=JOB/NUMBER=SECONDS` → ``ArtifactLease``: artifacts that are kept for a time | build-control, before it removes the running build; who repeats the build; recovery | for ever |
/// | `indexes/kept` | `due=TIME=JOB/NUMBER=SECONDS` → nothing: when to look at them | the same, with the entry above | until they are gone |
/// | `indexes/environments` | `failure=ENVIRONMENT=` and the position → ``StoredDeploy``, when it did not succeed | the same | for ever |
/// | `indexes/pauses` | `job=JOB`, `label=LABEL` or `environment=ENVIRONMENT` → ``Pause`` | frontends, before the node that says so | until it is resumed |
///
/// | object | content | written by | lives |
/// |---|---|---|---|
/// | `jobs/JOB/REVISION` | the job's canonical text | frontends, and build-control for what a repository keeps, before the index entry | for ever |
/// | `states/JOB/NUMBER/UUID` | the ``BuildRecord`` of a running build, or the ``EndedBuild``, when it is too large for its node or its entry | build-control, before what points to it | until the next state is stored; of an ended build, for ever |
/// | `states/JOB/NUMBER/pNAME` | the states of 16 tasks of a build that has more than 128, or whose record is too large: see ``TaskTable`` | the same | until that page changes; of an ended build, for ever |
/// | `tests/JOB/NUMBER/REQUEST/VERSION/results` | the ``BuildTests`` of an end of the build from that version | build-control, after the entry in `indexes/tests/JOB` | as long as that |
/// | `tests/JOB/NUMBER/REQUEST/VERSION/times` | what files took, by split task: a ``BuildFileTimes`` | the same | the same |
/// | `deals/JOB/NUMBER/REQUEST/TASK` | the ``Deal`` of a split task | the first of the workers that make its parts | for ever |
/// | `polls/JOB/UUID` | a ``PollRecord`` that is too large for its node | who looks at the repository, before what points to it | until the next record is stored |
/// | `builds/JOB/NUMBER/TASK/TOKEN/log` | the attempt's output, growing; its length stands in the outcome | the worker with that claim | for ever |
/// | `…/TOKEN/workspace` | a snapshot: a compressed archive | the same | for ever |
/// | `…/TOKEN/tests` | what the attempt tells about tests: an ``AttemptTests`` | the same | for ever |
/// | `…/TOKEN/artifacts` | the list of ``StoredArtifact`` | the same, after the artifacts | for ever |
/// | `…/TOKEN/tasks` | the list of tasks that the attempt adds to its build | the same | for ever |
/// | `…/TOKEN/jobs` | the job files that the attempt read out of its commit: a ``ReadJobFiles`` | the same | for ever |
/// | `…/TOKEN/artifact/N` | an artifact's bytes | the same | for ever, or as long as its lease in `indexes/kept` |
///
/// What stands under a claim's token counts when, and only when, the outcome that finished the claim names it.
package enum ObjectMap {
  package static let jobs = ObjectKey("indexes/jobs")

  package static func jobEntry(_ job: JobName) -> String { "job=\(job)" }

  /// - Parameter repository: as ``RepositoryIdentity`` writes it.
  package static func pushPrefix(_ repository: String) -> String { "push=\(ObjectKey.escape(repository))=" }

  package static func pushEntry(_ repository: String, _ job: JobName) -> String {
    pushPrefix(repository) + job.rawValue
  }

  package static func pullPrefix(_ repository: String) -> String { "pull=\(ObjectKey.escape(repository))=" }

  package static func pullEntry(_ repository: String, _ job: JobName) -> String {
    pullPrefix(repository) + job.rawValue
  }

  package static let clockPrefix = "clock="

  package static func clockEntry(_ job: JobName) -> String { clockPrefix + job.rawValue }

  /// - Parameter reader: the job that reads the file.
  package static func keptPrefix(_ reader: JobName) -> String { "kept=\(reader)=" }

  package static func keptEntry(_ reader: JobName, _ job: JobName) -> String { keptPrefix(reader) + job.rawValue }

  /// - Parameter repository: as ``RepositoryIdentity`` writes it.
  package static func readingEntry(_ reader: JobName, _ repository: String) -> String {
    "reading=\(reader)=\(ObjectKey.escape(repository))"
  }

  package static func polls(of job: JobName) -> ObjectKey { ObjectKey("polls/\(job)") }

  package static let pauses = ObjectKey("indexes/pauses")

  package static func pauseEntry(_ subject: PauseSubject) -> String {
    switch subject {
    case .job(let job): "job=\(job)"
    case .label(let label): "label=\(label)"
    case .environment(let environment): "environment=\(environment)"
    }
  }

  package static func pauseSubject(ofEntry key: String) -> PauseSubject? {
    if key.hasPrefix("job=") { return (try? JobName(String(key.dropFirst(4)))).map(PauseSubject.job) }
    if key.hasPrefix("label=") { return (try? Label(String(key.dropFirst(6)))).map(PauseSubject.label) }
    if key.hasPrefix("environment=") {
      return (try? DeployTarget(String(key.dropFirst(12)))).map(PauseSubject.environment)
    }
    return nil
  }

  package static func builds(of job: JobName) -> ObjectKey { ObjectKey("indexes/builds") / job.rawValue }

  /// - Parameter task: as ``Plan/lastingName(of:)`` has it.
  package static func deal(of request: BuildRequest, task: TaskName) -> ObjectKey {
    // After a lost write another build may get the same number, and other files.
    ObjectKey("deals/\(request.build)/\(ObjectKey.escape(request.requestID))/\(task)")
  }

  private static let greatestNumber = 9_999_999_999

  package static func buildEntry(_ number: Int) -> String {
    let digits = String(greatestNumber - number)
    return String(repeating: "0", count: 10 - digits.count) + digits
  }

  package static func buildNumber(ofEntry key: String) -> Int? { Int(key).map { greatestNumber - $0 } }

  package static func following(_ job: JobName) -> ObjectKey { ObjectKey("indexes/following") / job.rawValue }

  package static func followingPrefix(_ build: BuildID) -> String { buildEntry(build.number) + "=" }

  package static func followingEntry(_ build: BuildID, _ following: BuildID) -> String {
    followingPrefix(build) + following.description
  }

  package static func job(_ job: JobName, revision: String) -> ObjectKey { ObjectKey("jobs/\(job)/\(revision)") }

  package static func states(of build: BuildID) -> ObjectKey { ObjectKey("states/\(build)") }

  /// The name of a page of a build's state, in the folder of its states.
  static func page(_ number: UInt64) -> String { "p" + String(number, radix: 36) }

  package static func attempt(_ build: BuildID, task: TaskName, token: String) -> ObjectKey {
    ObjectKey("builds/\(build)/\(task)/\(token)")
  }
}
