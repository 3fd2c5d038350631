import Simulation
import Synchronization

/// Plants each known bug in turn, and looks how many are caught.
struct MutantHunt {
  let range: ClosedRange<UInt64>
  let jobs: Int

  /// So many of a thousand must be caught.
  static let wanted = 950

  private struct Catch: Sendable {
    var mutant: Mutant?
    var seed: UInt64?
    var problem: String
  }

  /// - Returns: whether enough were caught.
  func run() async throws -> Bool {
    var mutants = Mutant.allCases.makeIterator()
    var caught = 0
    try await withThrowingTaskGroup(of: Catch.self) { group in
      func next() { if let mutant = mutants.next() { group.addTask { try await hunt(mutant) } } }
      for _ in 0..<jobs { next() }
      while let result = try await group.next() {
        next()
        if result.seed != nil { caught += 1 }
        print(text(result))
      }
    }
    print("\(caught) of \(Mutant.allCases.count) planted bugs were caught")
    return caught * 1_000 >= Mutant.allCases.count * MutantHunt.wanted
  }

  private func text(_ result: Catch) -> String {
    let name = result.mutant?.rawValue ?? "nothing"
    guard let seed = result.seed else { return "MISSED  \(name) in \(range.count) seeds \(result.problem)" }
    return "caught  \(name) by seed \(seed): \(result.problem.prefix(160))"
  }

  /// A mutant counts as caught only by a seed that goes well without it: else something else was caught.
  private func hunt(_ mutant: Mutant) async throws -> Catch {
    var result = try await search(range, mutant)
    guard let seed = result.seed else { return result }
    let without = try await search(seed...seed, nil)
    if without.seed != nil { result = Catch(mutant: mutant, problem: "seed \(seed) goes wrong without it as well") }
    return result
  }

  private func search(_ range: ClosedRange<UInt64>, _ mutant: Mutant?) async throws -> Catch {
    for start in stride(from: range.lowerBound, through: range.upperBound, by: Int(ChildProcess.seedsAtOnce)) {
      let found = try await searchSome(start...min(start + ChildProcess.seedsAtOnce - 1, range.upperBound), mutant)
      if found.seed != nil { return found }
    }
    return Catch(mutant: mutant, problem: "")
  }

  private func searchSome(_ range: ClosedRange<UInt64>, _ mutant: Mutant?) async throws -> Catch {
    let found = Mutex(Catch(mutant: mutant, problem: ""))
    let last = Mutex(range.lowerBound)
    let crash = try await ChildProcess.run(range, mutant: mutant, prints: false) { line in
      last.withLock { $0 = line.seed + 1 }
      guard !line.problems.isEmpty else { return }
      found.withLock { $0 = Catch(mutant: mutant, seed: line.seed, problem: line.problems) }
    }
    if let crash { found.withLock { $0 = Catch(mutant: mutant, seed: last.withLock { $0 }, problem: crash) } }
    return found.withLock { $0 }
  }
}
