import Foundation
import Model
import TestStores
import Testing

/// The list of sites is made anew each time, by recording what every kind of process passes in a scenario that uses all
/// there is: an operation that is new in the program is in the trial by itself.
@Suite("Processes are killed before and after everything that they ask of the world", .timeLimit(.minutes(60)))
struct FailpointTrials {
  /// How many sites are tried side by side, each on a site of its own.
  private static let lanes = Trials.isLong ? 3 : 1
  private static let sampleSize = 3

  @Test("F1: a process is killed before and after each of its operations", arguments: Trials.pairs)
  func failpoints(_ pair: StorePair) async throws {
    var random = SeededGenerator(seed: Trials.seed)
    let victims = Trials.isLong ? Victim.all : [try #require(Victim.all.randomElement(using: &random))]
    let acts = Trials.isLong ? Act.allCases : [try #require(Act.allCases.dropFirst().randomElement(using: &random))]
    let found = try await rehearse(victims, acts, on: pair)
    if Trials.isLong { expectTheMap(in: found) }
    let plan = plan(found, &random)
    // Recovering takes the session's timeout, of 2 s in trials, and a second.
    let limit = pair.hasSessionTimeout ? Duration.seconds(3) : .seconds(1)
    try await Trial.run("F1 failpoints", on: pair, planned: plan.count, limit: limit) { trial in
      let missed = try await perform(plan, on: pair, trial)
      for killing in missed { say("not reached: \(killing)") }
      // What depends on who is quicker is not always the same.
      if missed.count * 4 > plan.count { trial.violates("\(missed.count) of \(plan.count) were not reached") }
    }
  }

  private func rehearse(_ victims: [Victim], _ acts: [Act], on pair: StorePair) async throws -> Set<Killing> {
    try await inLanes(victims) { victim in
      var found: Set<Killing> = []
      try await Site.open(pair) { site in
        let stage = try await Stage.set(site, for: victim)
        let arrival = try await stage.rehearse(.arrival)
        let known = Set(arrival.map { [$0.place.moment, $0.place.site, String($0.number)] })
        found = acts.contains(.arrival) ? arrival : []
        for act in acts where act != .arrival {
          // An arrival comes first in every act.
          let passed = try await stage.rehearse(act)
          found.formUnion(passed.filter { !known.contains([$0.place.moment, $0.place.site, String($0.number)]) })
        }
        try await stage.clear()
      }
      return found
    }.reduce(into: []) { $0.formUnion($1) }
  }

  /// Each place once, at one of its passes, by one of those who pass it.
  private func plan(_ found: Set<Killing>, _ random: inout SeededGenerator) -> [Killing] {
    let places = Dictionary(grouping: found, by: \.place)
    let ordered = places.keys.sorted { ($0.site, $0.moment) < ($1.site, $1.moment) }
    say("trials: \(found.count) passes of \(ordered.count) failpoints")
    let plan = ordered.compactMap { place in
      places[place]?.sorted { "\($0)" < "\($1)" }.randomElement(using: &random)
    }
    return Trials.isLong ? plan : Array(plan.shuffled(using: &random).prefix(Self.sampleSize))
  }

  /// - Returns: where nobody was killed.
  private func perform(_ plan: [Killing], on pair: StorePair, _ trial: Trial) async throws -> [Killing] {
    let stages = Dictionary(grouping: plan, by: \.victim).values.sorted { $0.count > $1.count }
    return try await inLanes(stages) { killings in
      var missed: [Killing] = []
      try await Site.open(pair, for: trial) { site in
        let stage = try await Stage.set(site, for: killings[0].victim)
        for killing in killings {
          say("trials: \(killing) on \(pair)")
          if try await !stage.perform(killing, for: trial) { missed.append(killing) }
        }
        try await stage.clear()
      }
      return missed
    }.flatMap(\.self)
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

  /// What the maps of the stores list is used somewhere in the scenario: else it would say little.
  private func expectTheMap(in found: Set<Killing>) {
    let sites = Set(found.map(\.place.site))
    for node in ["/workers", "/slots", "/idle", "/queues", "/jobs", "/builds", "/deliveries", "/roles"] {
      #expect(sites.contains { $0.hasPrefix("transaction ") && $0.contains(" \(node)/") }, "\(node) is written")
    }
    for object in ["indexes/jobs", "indexes/builds/*", "jobs/*/*", "builds/*/*/*/*/log"] {
      #expect(sites.contains { $0.hasSuffix(" \(object)") }, "\(object) is used")
    }
    for program in ["git", "sh", "bsdtar"] {
      #expect(sites.contains { $0.hasPrefix("run ") && $0.contains(program) }, "\(program) is run")
    }
  }
}
