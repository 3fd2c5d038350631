/// How one attempt at a task ended, as the worker that made it reports, or as recovery reports in its stead.
package struct AttemptOutcome: Hashable, Sendable, Codable {
  /// The task's index in the plan.
  package var task: Int
  /// Counted from 1.
  package var attempt: Int
  /// The fencing token of the claim: names the prefix under which the attempt wrote its objects.
  package var token: String
  package var worker: String
  package var verdict: Verdict
  /// Why, in a sentence, when it did not succeed.
  package var message: String?
  /// The command's exit status, when it exited.
  package var exitStatus: Int?
  package var started: Timestamp
  package var finished: Timestamp
  /// Bytes of the attempt's log. No log object exists when 0.
  package var logSize: Int
  /// Keys of the workspace snapshots that it made, later over earlier.
  package var workspace: [String]
  /// Whether what it left is what it started from, with its own snapshots on top; if not, its own are all of it.
  package var addsToWorkspace: Bool
  /// How many artifacts it published; their list is an object of the attempt when there are any.
  package var artifacts: Int
  /// The commit that it checked out, in hexadecimal.
  package var commit: String?
  /// The build that it copied artifacts from.
  package var source: BuildID?
  /// Which of the texts of the task's ``Retry/onOutput`` its output held first.
  package var matchedOutput: String?
  /// How many test results it told; `nil` when it told nothing of tests. They are an object of the attempt.
  package var tests: Int?
  /// Whether it errored because its worker was gone.
  package var workerLost: Bool?
  /// How many tasks it added to the build; their list is an object of the attempt.
  package var generated: Int?
  /// How many job files it read out of its commit, when it was to; they are an object of the attempt.
  package var jobFiles: Int?
  /// The earlier build that made it, of one that was taken over.
  package var madeIn: BuildID?

  package init(
    task: Int, attempt: Int, token: String, worker: String, verdict: Verdict, message: String? = nil,
    exitStatus: Int? = nil, started: Timestamp, finished: Timestamp, logSize: Int = 0, workspace: [String] = [],
    addsToWorkspace: Bool = false, artifacts: Int = 0, commit: String? = nil, source: BuildID? = nil,
    matchedOutput: String? = nil, tests: Int? = nil, workerLost: Bool? = nil, generated: Int? = nil
  ) {
    self.task = task
    self.attempt = attempt
    self.token = token
    self.worker = worker
    self.verdict = verdict
    self.message = message
    self.exitStatus = exitStatus
    self.started = started
    self.finished = finished
    self.logSize = logSize
    self.workspace = workspace
    self.addsToWorkspace = addsToWorkspace
    self.artifacts = artifacts
    self.commit = commit
    self.source = source
    self.matchedOutput = matchedOutput
    self.tests = tests
    self.workerLost = workerLost
    self.generated = generated
  }

  package var isWorkerLost: Bool { workerLost == true }

  /// Attempts that end `errored` are made again up to this many in all.
  package static let mostErrored = 5
}
