import ArgumentParser
import Measurement
import Model

struct BenchReduce: PrintsJSON {
  static let configuration = CommandConfiguration(
    commandName: "reduce",
    abstract: "Measure how builds of different sizes are moved on, without any store.",
    discussion: """
      Each build has pairs of tasks, of which the second needs the first. 10000 tasks
      are under way at the same time, of one large build or of many small ones, and
      end in random order until all builds have. All is counted that a step does in
      the process, in microseconds for one outcome:

        read    what stands in the build's node is read, with the pages of tasks
                at hand that were written last
        reduce  the reducer takes the outcome in
        write   the node's new data, the pages that have changed, and which of the
                earlier ones are not needed any more
        step    the sum, which should not grow with the build, and its ratio to
                that of the smallest
        turns   what else there is to do for a task: the build begins, and of tasks
                that became ready at once, 64 at a time are posted; not in the sum
        afresh  reading the node and all pages when none is at hand, as after a
                worker begins; once, and not in the sum

      The sizes take turns, in five rounds, and each figure is the median of these:
      what else the machine does meets all of them alike. The ratio is taken within
      a round.
      Measure with a release build.

      EXAMPLES
        distci bench reduce
        distci bench reduce --json
        distci bench reduce --tasks 10 --tasks 10000
      """)

  @Option(help: "Tasks of a build to measure, 5 to 10000; may be repeated. The first is what others are compared with.")
  var tasks: [Int] = [10, 100, 1_000, 10_000]

  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard tasks.allSatisfy((5...10_000).contains) else {
      throw ValidationError("A build that is measured has 5 to 10000 tasks.")
    }
  }

  /// So many tasks, however they are spread over builds.
  private static let atOnce = 10_000
  private static let rounds = 5

  /// Microseconds.
  private struct Figure: Encodable {
    let tasks: Int
    var read: Double
    var reduce: Double
    var write: Double
    var step: Double
    /// Of the step, to what it is for the smallest build.
    var ratio = 1.0
    /// For each task.
    var turns: Double
    var afresh: Double

    static let columns = [\Figure.read, \.reduce, \.write, \.step, \.ratio, \.turns, \.afresh]

    /// - Parameter rounds: of builds of one size; not empty.
    static func median(of rounds: [Figure]) -> Figure {
      var median = rounds[0]
      for column in columns {
        median[keyPath: column] = Distribution(rounds.map { $0[keyPath: column] }).median ?? 0
      }
      return median
    }
  }

  func run() async throws {
    let console = Console.current
    let progress = BenchProgress(console: console)
    var rounds: [[Figure]] = []
    for round in 1...Self.rounds {
      try await progress.say("round \(round) of \(Self.rounds)")
      var figures: [Figure] = []
      for size in tasks {
        var figure = try Self.figure(of: size, seed: UInt64(round))
        figure.ratio = figure.step / (figures.first ?? figure).step
        figures.append(figure)
      }
      rounds.append(figures)
    }
    try await progress.finish()
    let figures = tasks.indices.map { size in Figure.median(of: rounds.map { $0[size] }) }
    guard !output.json else { return try await console.print(json: figures) }
    var table = Table("TASKS", "READ", "REDUCE", "WRITE", "STEP", "RATIO", "TURNS", "AFRESH")
    for figure in figures {
      let parts = Figure.columns.map { BenchFigure.text(figure[keyPath: $0]) }
      table.add(
        "\(figure.tasks)", .init(parts[0]), .init(parts[1]), .init(parts[2]), .init(parts[3]), .init(parts[4]),
        .init(parts[5]), .init(parts[6]))
    }
    try await console.print(table.text(colours: console.colouredOutput))
  }

  private static func figure(of size: Int, seed: UInt64) throws -> Figure {
    var builds = try (0..<max(1, atOnce / size)).map { _ in try PaperBuild(tasks: size) }
    try moveOn(&builds, seed)
    var times = PaperBuild.Times()
    for build in builds { times.add(build.times) }
    let unit = Duration.microseconds(builds.count * size)
    let parts = [times.read, times.reduce, times.write].map { $0 / unit }
    return Figure(
      tasks: size, read: parts[0], reduce: parts[1], write: parts[2], step: parts.reduce(0, +),
      turns: times.turns / unit, afresh: times.afresh.reduce(.zero, +) / .microseconds(times.afresh.count))
  }

  /// Moves builds on side by side until they have ended.
  private static func moveOn(_ builds: inout [PaperBuild], _ seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var open: [(build: Int, task: Int)] = []
    var time = Timestamp(milliseconds: 1_700_000_000_000)
    func take(_ event: BuildEvent, _ build: Int) throws {
      var events = [event]
      while let event = events.popLast() {
        time = time.adding(.milliseconds(1))
        for action in try builds[build].take(event, at: time) {
          if case .post(let task, _) = action { open.append((build, task)) }
          if case .proceed(let turn) = action { events.append(.proceed(turn: turn)) }
        }
      }
    }
    for build in builds.indices { try take(.start, build) }
    var outcomes = 0
    while !open.isEmpty {
      open.swapAt(Int.random(in: 0..<open.count, using: &random), open.count - 1)
      let (build, task) = open.removeLast()
      try take(.ended(outcome(of: task)), build)
      outcomes += 1
      if outcomes % (atOnce / 50) == 0 { try builds[build].readAfresh() }
    }
    guard builds.allSatisfy({ $0.verdict == .succeeded }) else {
      throw MeasurementError("a build did not come to its end")
    }
  }

  private static func outcome(of task: Int) -> AttemptOutcome {
    let time = Timestamp(milliseconds: 1_700_000_000_000)
    return AttemptOutcome(
      task: task, attempt: 1, token: "0000000100000\(task)", worker: "build-7.example.org~100002f4a",
      verdict: .succeeded, exitStatus: 0, started: time, finished: time.adding(.seconds(7)), logSize: 4_000,
      workspace: ["builds/bench/1/t\(task)/0000000100000\(task)/workspace"], addsToWorkspace: true)
  }
}
