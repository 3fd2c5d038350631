import Foundation
import TestStores

/// How the trials are run.
enum Trials {
  /// The whole set, as `deploy/trials` runs it, rather than the sample that every test run has time for.
  static let isLong = ProcessInfo.processInfo.environment["DISTCI_TRIALS"] == "long"

  /// The pairs of stores that are tried: `DISTCI_TRIALS_PAIR` narrows them to one.
  static var pairs: [StorePair] {
    let wanted = ProcessInfo.processInfo.environment["DISTCI_TRIALS_PAIR"]
    return StorePair.all.filter { wanted == nil || wanted == "\($0)" }
  }

  /// Chooses the sample. Another one each time; `DISTCI_TRIALS_SEED` repeats one.
  static let seed: UInt64 = {
    let seed =
      ProcessInfo.processInfo.environment["DISTCI_TRIALS_SEED"].flatMap { UInt64($0) }
      ?? UInt64.random(in: 1...9_999_999)
    say("trials: repeat this sample with DISTCI_TRIALS_SEED=\(seed)")
    return seed
  }()

  /// What limits of time are multiplied with: the figures are for a machine that does nothing else.
  static let slack = ProcessInfo.processInfo.environment["DISTCI_TRIALS_SLACK"].flatMap { Double($0) } ?? 4
}
