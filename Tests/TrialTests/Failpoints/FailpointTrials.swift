import Foundation
import Measurement
import Model
import TestStores
import Testing

/// The list of sites is made anew each time, by recording what every kind of process passes in a scenario that uses all
/// there is: an operation that is new in the program is in the trial by itself.
@Suite("Processes are killed before and after everything that they ask of the world", .timeLimit(.minutes(60)))
struct FailpointTrials {
  /// How many stages there are side by side, each on a site of its own.
  private static let lanes = Trials.isLong ? 2 : 1
  private static let sampleSize = 6
  /// How often a killing is tried before it is given up: some places are passed only by who is quicker, or has a role.
  private static let tries = Trials.isLong ? 4 : 2
  /// The same where nobody else was killed there either.
  private static let mostTries = Trials.isLong ? 8 : 2

  @Test("F1: a process is killed before and after each of its operations", arguments: Trials.pairs)
  func failpoints(_ pair: StorePair) async throws {
    var random = SeededGenerator(seed: Trials.seed)
    let acts = Trials.isLong ? Act.allCases : [try #require(Act.allCases.randomElement(using: &random))]
    let (found, lasting) = try await rehearse(acts, on: pair)
    if Trials.isLong { try expectTheMap(in: found) }
    var plan = KillingPlan(found, lasting: lasting, &random)
    say("trials: \(plan.summary)")
    if !Trials.isLong { plan.sample(Self.sampleSize, &random) }
    // Recovering takes the session's timeout, of 2 s in trials, and a second; twice that where several stages at a time start
    // all of their processes on one machine. Of workers that are killed while nothing else starts it is asked as it stands.
    let limit = (pair.hasSessionTimeout ? Duration.seconds(3) : .seconds(1)) * Self.lanes
    try await Trial.run("F1 failpoints", on: pair, planned: plan.steps.count, limit: limit) { trial in
      let missed = try await perform(plan.steps, on: pair, trial)
      judge(missed, of: plan, trial)
    }
  }

  /// - Returns: what was passed, and what of it was passed when all acts had been played before.
  private func rehearse(
    _ acts: [Act], on pair: StorePair
  ) async throws -> (found: Set<Killing>, lasting: Set<Killing>) {
    var (found, lasting): (Set<Killing>, Set<Killing>) = ([], [])
    try await Site.open(pair) { site in
      let stage = try await Stage.set(site)
      for act in acts { found.formUnion(try await stage.rehearse(act)) }
      for act in acts { lasting.formUnion(try await stage.rehearse(act)) }
    }
    return (found.union(lasting), lasting)
  }

  /// - Returns: where nobody was killed.
  private func perform(
    _ steps: [KillingPlan.Step], on pair: StorePair, _ trial: Trial
  ) async throws -> [KillingPlan.Step] {
    var (left, missed): ([KillingPlan.Step], [KillingPlan.Step]) = (steps, [])
    for attempt in 1...Self.mostTries where !left.isEmpty {
      let scenes = KillingPlan.scenes(left)
      let first = scenes.filter(\.isFirst).map { [$0] }
      let others = scenes.filter { !$0.isFirst }
      // A stage that has seen a hundred scenes has a long history to check.
      let stages = stride(from: 0, to: others.count, by: 20).map { Array(others[$0..<min($0 + 20, others.count)]) }
      left = try await inLanes(stages + first) { try await play($0, on: pair, trial) }.flatMap(\.self)
      for index in left.indices { left[index].misses += 1 }
      guard attempt >= Self.tries else { continue }
      let open = KillingPlan.unreached(left, of: steps)
      missed += left.filter { !open.contains($0.place) }
      left.removeAll { !open.contains($0.place) }
    }
    return missed + left
  }

  private func judge(_ missed: [KillingPlan.Step], of plan: KillingPlan, _ trial: Trial) {
    let unreached = KillingPlan.unreached(missed, of: plan.steps)
    for step in missed {
      say("not reached\(unreached.contains(step.place) ? "" : " by this one"): \(step.passes[0])")
    }
    let operations = KillingPlan.unreached(missed, of: plan.steps, by: \.place.operation)
    say(
      "measured: F1 \(missed.count) of \(plan.steps.count) killings, \(unreached.count) places and "
        + "\(operations.count) of \(plan.operations.count) operations were not reached")
    // In a sample, one is much.
    guard Trials.isLong else { return }
    if operations.count * 50 > plan.operations.count || missed.count * 10 > plan.steps.count {
      trial.violates("\(operations.count) of \(plan.operations.count) operations were not reached")
    }
  }

  /// Plays scenes on a stage of their own.
  ///
  /// - Returns: where nobody was killed.
  private func play(
    _ scenes: [KillingPlan.Scene], on pair: StorePair, _ trial: Trial
  ) async throws -> [KillingPlan.Step] {
    var missed: [KillingPlan.Step] = []
    try await Site.open(pair, for: trial) { site in
      let stage = try await Stage.set(site)
      for scene in scenes {
        let killings = scene.steps.map(\.next)
        for killing in killings { say("trials: \(killing) on \(pair)") }
        let dead = try await stage.perform(killings, early: scene.isEarly, for: trial)
        missed += scene.steps.filter { !dead.contains($0.next.victim) }
      }
    }
    return missed
  }

  private func inLanes<Input: Sendable, Output: Sendable>(
    _ inputs: [Input], _ body: @escaping @Sendable (Input) async throws -> Output
  ) async throws -> [Output] {
    try await withThrowingTaskGroup(of: Output.self) { group in
      var outputs: [Output] = []
      for (number, input) in inputs.enumerated() {
        if number >= Self.lanes, let output = try await group.next() { outputs.append(output) }
        group.addTask { try await body(input) }
      }
      for try await output in group { outputs.append(output) }
      return outputs
    }
  }

  /// What no scenario writes, and why.
  private static let unwritten = [
    "polls/JOB/UUID": "of repositories with very many branches only; the tests of polls have such",
    "/format": "the stores are made once, before there is anybody to kill",
    "states/JOB/NUMBER/pNAME": "of builds of more than 128 tasks only; the tests of dispatch have such",
    "states/JOB/NUMBER/UUID": "of builds too large for a node only; the tests of the shared repository have such",
  ]

  /// All that the maps of the stores list is written by somebody in the scenario: else it would say little.
  private func expectTheMap(in found: Set<Killing>) throws {
    let sites = Set(found.map(\.place.site))
    let unwritten = try SiteMap().unwritten(by: sites).sorted()
    #expect(unwritten == Self.unwritten.keys.sorted(), "what the maps list and nobody writes")
    for program in ["git", "sh", "bsdtar"] {
      #expect(sites.contains { $0.hasPrefix("run ") && $0.contains(program) }, "\(program) is run")
    }
  }
}
