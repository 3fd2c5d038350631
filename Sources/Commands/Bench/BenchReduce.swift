import ArgumentParser
import Measurement
import Model

struct BenchReduce: PrintsJSON {
  static let configuration = CommandConfiguration(
    commandName: "reduce",
    abstract: "Measure how builds of different sizes are moved on, without any store.",
    discussion: """
      Each build has pairs of tasks, of which the second needs the first. It is moved
      on by outcomes in random order until it has ended: for each, the reducer takes
      the outcome in, and the pages that it changed are encoded as they would be
      stored. What that takes for one outcome should not grow with the build.

      Measure with a release build on a machine that does nothing else.

      EXAMPLES
        distci bench reduce
        distci bench reduce --json
      """)

  @OptionGroup var output: OutputOptions

  private static let sizes = [10, 100, 1_000, 10_000]

  private struct Figure: Encodable {
    let tasks: Int
    /// Of processor time and all, for one outcome.
    let microseconds: Double
    /// To what it is for the smallest build.
    let ratio: Double
  }

  func run() async throws {
    let console = Console.current
    _ = try Self.outcome(of: 10)
    var figures: [Figure] = []
    for size in Self.sizes {
      // As many outcomes in all, however they are spread over builds.
      let builds = 20_000 / size
      let total = try (0..<builds).reduce(0.0) { sum, _ in sum + (try Self.outcome(of: size)) }
      let mean = total / Double(builds)
      figures.append(Figure(tasks: size, microseconds: mean, ratio: mean / (figures.first?.microseconds ?? mean)))
    }
    guard !output.json else { return try await console.print(json: figures) }
    var table = Table("TASKS", "MICROSECONDS PER OUTCOME", "RATIO")
    for figure in figures {
      table.add("\(figure.tasks)", .init(BenchFigure.text(figure.microseconds)), .init(BenchFigure.text(figure.ratio)))
    }
    try await console.print(table.text(colours: console.colouredOutput))
  }

  /// - Returns: the mean over a whole build, in microseconds.
  private static func outcome(of size: Int) throws -> Double {
    let plan = try plan(of: size)
    let time = Timestamp(milliseconds: 0)
    var (state, random) = (BuildState(taskCount: size), SeededGenerator(seed: UInt64(size)))
    var (open, turns, outcomes): ([Int], [BuildEvent], Int) = ([], [.start], 0)
    let elapsed = try ContinuousClock().measure {
      while state.verdict == nil {
        let event: BuildEvent
        if let turn = turns.popLast() {
          event = turn
        } else {
          open.swapAt(Int.random(in: 0..<open.count, using: &random), open.count - 1)
          let task = open.removeLast()
          event = .ended(
            AttemptOutcome(
              task: task, attempt: 1, token: "token", worker: "worker", verdict: .succeeded, started: time,
              finished: time))
          outcomes += 1
        }
        let before = state.tasks.pages
        for action in state.advance(plan, event, now: time) {
          if case .post(let task, _) = action { open.append(task) }
          if case .proceed(let turn) = action { turns.append(.proceed(turn: turn)) }
        }
        for (page, earlier) in zip(state.tasks.pages, before) where page != earlier { _ = try JSONBytes.encode(page) }
      }
    }
    return elapsed / .microseconds(outcomes)
  }

  private static func plan(of size: Int) throws -> Plan {
    let names = try (0..<size).map { try TaskName("t\($0)") }
    let tasks = names.indices.map { index in
      TaskDefinition(
        name: names[index], needs: index % 2 == 0 ? [] : [names[index - 1]],
        work: .executeShell(ExecuteShell(command: .script("true"))))
    }
    let request = BuildRequest(
      build: BuildID(job: try JobName("bench"), number: 1), requestID: "", jobRevision: "", parameters: [:],
      cause: .request, requested: Timestamp(milliseconds: 0), depth: 0, priority: 0)
    return try Plan(request: request, tasks: tasks)
  }
}
