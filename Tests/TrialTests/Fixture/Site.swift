import Foundation
import FoundationNetworking
import Glibc
import Model
import Synchronization
import TestStores
import Testing

/// What stands between the processes of a site and its stores.
struct Surroundings: Sendable {
  /// The address by which a process that runs a command, `worker` or `frontend`, reaches the coordination store.
  var coordination: @Sendable (_ url: String, _ command: String) -> String = { url, _ in url }
}

/// A whole installation in the hands of a test: stores, and the processes on them, which come and go.
final class Site: Sendable {
  let pair: StorePair
  let stores: StorePair.Place
  let folder: Folder
  private let surroundings: Surroundings
  private let state = Mutex(State())

  private struct State {
    var processes: [DistCIProcess] = []
    var frontend: String?
    var acknowledged: [BuildID] = []
    var counts: [String: Int] = [:]
  }

  /// Runs a trial on a site of its own, and afterwards the checker.
  ///
  /// - Parameters:
  ///   - trial: is told what the checker counts.
  ///   - surroundings: what the processes find between them and their stores.
  static func open(
    _ pair: StorePair, for trial: Trial? = nil, in surroundings: Surroundings = Surroundings(),
    _ body: (Site) async throws -> Void
  ) async throws {
    let name = "trial-" + UUID().uuidString.lowercased().prefix(18)
    let site = Site(pair, try pair.place(name), try Folder(name), surroundings)
    let result: Result<Void, any Error>
    do {
      try await body(site)
      let (lost, doubled) = try await site.check()
      trial?.found(lost: lost, doubled: doubled)
      result = .success(())
    } catch {
      result = .failure(error)
    }
    let transcripts = site.allProcesses.transcripts
    for process in site.processes { try await process.kill() }
    if case .failure = result { Issue.record("The processes said:\n\(transcripts)") }
    try await site.stores.remove()
    try site.folder.remove()
    try result.get()
  }

  private init(_ pair: StorePair, _ stores: StorePair.Place, _ folder: Folder, _ surroundings: Surroundings) {
    self.pair = pair
    self.stores = stores
    self.folder = folder
    self.surroundings = surroundings
  }

  // MARK: - Processes

  /// All that were ever started.
  var allProcesses: [DistCIProcess] { state.withLock { $0.processes } }
  /// Those that run.
  var processes: [DistCIProcess] { allProcesses.filter(\.isRunning) }

  /// Starts `distci` with these arguments.
  ///
  /// - Parameters:
  ///   - stores: whether it works on the site's stores itself, rather than through a frontend.
  ///   - failpoints: where it records what it passes, or dies.
  @discardableResult
  func run(_ arguments: [String], on stores: Bool = false, failpoints: String? = nil) throws -> DistCIProcess {
    let coordination = surroundings.coordination(self.stores.coordination, arguments[0])
    let places = ["--coordination", coordination, "--objects", self.stores.objects, "--data", folder.data]
    var variables = [
      "PATH": "/usr/bin:/bin", "HOME": folder.path, "DISTCI_ALLOW_LOCAL_REPOSITORIES": "1",
      "DISTCI_GITHUB_WEBHOOK_SECRET": Webhook.secret,
    ]
    variables["DISTCI_FAILPOINTS"] = failpoints
    variables["DISTCI_SERVER"] = state.withLock { $0.frontend }
    return try state.withLock { state in
      let process = try DistCIProcess(
        arguments + (stores ? places : []), environment: variables, transcript: folder.transcript(state.processes.count)
      )
      state.processes.append(process)
      return process
    }
  }

  /// Starts a frontend, which from now on is asked, and returns when it listens.
  ///
  /// - Parameter port: 0 takes a free one.
  @discardableResult
  func frontend(port: Int = 0) async throws -> (process: DistCIProcess, url: String) {
    let process = try startFrontend(port: port)
    let line = try await process.logged("Listening")
    let start = try #require(line.range(of: "http://"), "\(line)")
    let url = String(line[start.lowerBound...].prefix { !$0.isWhitespace && $0 != "\"" && $0 != "]" })
    ask(url)
    return (process, url)
  }

  /// Starts a frontend, and does not wait for it.
  func startFrontend(port: Int, failpoints: String? = nil) throws -> DistCIProcess {
    try run(["frontend", "--listen", "127.0.0.1:\(port)"], on: true, failpoints: failpoints)
  }

  /// Starts a worker, and returns when it is ready for tickets.
  @discardableResult
  func worker(_ kinds: TaskKind..., options: [String] = []) async throws -> DistCIProcess {
    try await worker(kinds, options: options)
  }

  @discardableResult
  func worker(_ kinds: [TaskKind], options: [String] = []) async throws -> DistCIProcess {
    let process = try startWorker(kinds, options: options)
    try await process.logged("Ready for tickets")
    return process
  }

  /// Starts a worker, and does not wait for it.
  func startWorker(
    _ kinds: [TaskKind], options: [String] = [], failpoints: String? = nil
  ) throws -> DistCIProcess {
    try run(["worker", "run"] + kinds.map(\.rawValue) + options, on: true, failpoints: failpoints)
  }

  /// Starts a frontend, and a worker for each of the kinds.
  func everything(
    _ kinds: [TaskKind] = TaskKind.allCases, options: [String] = []
  ) async throws -> [TaskKind: DistCIProcess] {
    try await frontend()
    return try await withThrowingTaskGroup(of: (TaskKind, DistCIProcess).self) { group in
      for kind in kinds { group.addTask { (kind, try await self.worker(kind, options: options)) } }
      return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
  }

  /// Runs a client command to its end.
  func command(_ arguments: String...) async throws -> String {
    let process = try run(arguments)
    let status = try await process.end()
    try #require(status == 0, "\(process) exited with \(status): \(process.log)\(process.text)")
    return process.text
  }

  // MARK: - Builds

  /// The address of the frontend that is asked: the one that was started last, if not another.
  var url: String { get throws { try #require(state.withLock { $0.frontend }) } }

  /// Asks this frontend from now on.
  func ask(_ url: String) { state.withLock { $0.frontend = url } }

  var acknowledged: [BuildID] { state.withLock { $0.acknowledged } }

  /// Asks the frontend, whichever that is at the moment, again and again until one answers.
  func answer(
    _ method: String, _ path: String, body: Data? = nil, headers: [String: String] = [:]
  ) async throws -> API.Answer {
    var answer: API.Answer?
    try await eventually("\(method) \(path) is answered") {
      do {
        answer = try await API.send(method, try url + path, body: body, headers: headers)
      } catch is URLError {
        return false
      }
      return answer.map { $0.status != 503 } ?? false
    }
    return try #require(answer)
  }

  /// Defines a job by the text of its file.
  func defineJob(file text: String) async throws {
    let name = try JobFile.parse(Array(text.utf8), file: "job.json").name
    _ = try await answer("PUT", "/api/v1/jobs/\(name)", body: Data(text.utf8)).json(JobView.self)
  }

  /// Starts a build, insisting until it is acknowledged.
  @discardableResult
  func start(_ job: String, parameters: [String: String] = [:]) async throws -> BuildID {
    let body = try JSONEncoder().encode(["parameters": parameters])
    let headers = ["Idempotency-Key": UUID().uuidString, "Content-Type": "application/json"]
    let view = try await answer("POST", "/api/v1/jobs/\(job)/builds", body: body, headers: headers).json(BuildView.self)
    let build = BuildID(job: view.job, number: view.build)
    acknowledge(build)
    return build
  }

  /// Notes that somebody was told that the build will end.
  func acknowledge(_ build: BuildID) {
    state.withLock { $0.acknowledged.append(build) }
  }

  /// How far a task counts aloud; `nil` when it does not.
  func count(of task: TaskName, of job: JobName) -> Int? { state.withLock { $0.counts["\(job)/\(task)"] } }

  /// Notes that a task counts aloud, for the checker.
  func expect(_ task: String, of job: String, countsTo last: Int) {
    state.withLock { $0.counts["\(job)/\(task)"] = last }
  }

  func view(of build: BuildID, wait: Int = 0) async throws -> BuildView {
    try await answer("GET", "/api/v1/jobs/\(build.job)/builds/\(build.number)?wait=\(wait)").json(BuildView.self)
  }

  /// Waits until the build has ended.
  func end(of build: BuildID, within limit: Duration = .seconds(60)) async throws -> BuildView {
    let deadline = ContinuousClock.now + limit
    while true {
      let view = try await view(of: build, wait: 10)
      if view.verdict != nil { return view }
      try #require(ContinuousClock.now < deadline, "\(build) ends: \(view)")
    }
  }

  /// Waits until the build is as it should be.
  @discardableResult
  func wait(for build: BuildID, _ what: Comment, until condition: (BuildView) -> Bool) async throws -> BuildView {
    var latest: BuildView?
    try await eventually("\(build): \(what)") {
      let view = try await view(of: build)
      latest = view
      return condition(view)
    }
    return try #require(latest)
  }

  /// What a task of a build wrote, with the headings of attempts that were made again.
  func log(of build: BuildID, task: String) async throws -> String {
    let answer = try await answer("GET", "/api/v1/jobs/\(build.job)/builds/\(build.number)/tasks/\(task)/log")
    try #require(answer.status == 200)
    return String(decoding: answer.body, as: UTF8.self)
  }

  func workers() async throws -> [WorkerView] {
    try await answer("GET", "/api/v1/workers").json([WorkerView].self)
  }

  /// Waits until a worker holds a ticket.
  ///
  /// - Returns: `false` when its session ended before it got one.
  func isBusy(_ worker: DistCIProcess) async throws -> Bool {
    var found: WorkerView?
    try await eventually("\(worker) holds a ticket, or its session is over") {
      found = try await workers().first { $0.process == Int(worker.pid) }
      return found?.busy.isEmpty != true
    }
    return found != nil
  }
}

extension Collection<DistCIProcess> {
  /// What they said last.
  var transcripts: String {
    map { "--- \($0) [\($0.pid)]\n\($0.log.suffix(2_000))" }.joined(separator: "\n")
  }
}
