extension WaitReason {
  /// The reason as a sentence without its full stop: the only place where reasons become English. Times are in UTC.
  ///
  /// - Parameter now: when the explanation was made.
  package func text(_ now: Timestamp) -> String {
    let words = MomentText(now: now)
    switch self {
    case .needs(let needs): return "waits for " + needs.map { $0.text(words) }.joined(separator: "; and for ")
    case .jobPaused(let pause): return "the job is paused \(pause.text(words))"
    case .resuming: return "the pause was ended; it is about to go on"
    case .retry(let time, let attempt): return "waits for attempt \(attempt), \(words.coming(time))"
    case .group(let hold): return hold.text(words)
    case .approval, .environmentPaused, .environmentHeld: return deploy(words)
    case .labelPaused(let label, let pause): return "the label \(label) is paused \(pause.text(words))"
    case .noWorker, .noLabel, .noCombination: return missing(words)
    case .draining(let kind, let workers):
      let those = workers == 1 ? "the only \(kind.rawValue) worker" : "all \(workers) \(kind.rawValue) workers"
      return
        "\(those) that could take it \(workers == 1 ? "is" : "are") draining, and take\(workers == 1 ? "s" : "") no more"
    case .busy(let forecast): return forecast.text(words)
    case .handingOver: return "a slot that can take it is free; it is about to be handed over"
    case .running(let worker, let since, let end): return Self.running(worker, since, end, words)
    case .workerLost(let worker, let since):
      return "worker \(worker), which had it since \(words.clock(since)), was lost; it is about to be taken back"
    case .stopping(let worker, let by): return "cancelled by \(by); worker \(worker) is stopping it"
    case .changingHands: return "it is changing hands at this moment"
    case .control(let news, .running(let worker, let since, _)):
      return "build-control learns \(news.text) on worker \(worker) since \(words.clock(since))"
    case .control(let news, let reason): return "build-control has yet to learn \(news.text): \(reason.text(now))"
    }
  }

  fileprivate static func running(
    _ worker: String, _ since: Timestamp, _ end: Timestamp?, _ words: MomentText
  ) -> String {
    "running since \(words.clock(since)) on worker \(worker)" + (end.map { " (\(words.remaining($0)))" } ?? "")
  }

  private func missing(_ words: MomentText) -> String {
    switch self {
    case .noWorker(let kind, let lastSeen): return "no \(kind.rawValue) worker is alive (\(words.seen(lastSeen)))"
    case .noLabel(let label, let kind, let workers, let lastSeen):
      return "no live worker offers the label \(label) (\(workers.text) \(kind.rawValue) "
        + "\(workers.value == 1 ? "worker lives" : "workers live"), none with it; \(words.seen(lastSeen)))"
    case .noCombination(let labels, let kind, let workers):
      return "no live worker offers all of the labels \(labels.map(\.rawValue).joined(separator: ", ")) "
        + "(\(workers.text) \(kind.rawValue) \(workers.value == 1 ? "worker lives" : "workers live"))"
    default: return ""
    }
  }
}

extension Need {
  fileprivate func text(_ words: MomentText) -> String {
    switch progress {
    case .running(let worker, let since, let end):
      "task \(task), \(WaitReason.running(worker, since, end, words))"
    case .waiting: "task \(task), which waits itself"
    }
  }
}

extension ControlNews {
  fileprivate var text: String {
    switch self {
    case .triggered: "of the build"
    case .ended(let task): "that task \(task) has ended"
    case .cancelled: "that the build is cancelled"
    }
  }
}

extension QueueForecast {
  fileprivate func text(_ words: MomentText) -> String {
    let those = slots.value == 1 ? "the only matching slot is busy" : "all \(slots.text) matching slots are busy"
    let start = expectedStart.map { ", expected to start \(words.coming($0))" } ?? ""
    return "\(those), position \(position.text) of \(total.text)\(start)"
  }
}

extension Pause {
  func text(_ words: MomentText) -> String {
    "since \(words.clock(at)) by \(by)" + (reason.map { ": \($0)" } ?? "")
  }
}

extension Count {
  /// Such as `8`, or `more than 1,000`.
  package var text: String {
    var digits = String(value)
    if digits.count > 3 { digits.insert(",", at: digits.index(digits.endIndex, offsetBy: -3)) }
    return isLeast ? "more than \(digits)" : digits
  }
}

extension GroupHold {
  /// So many holders are named.
  private static let mostNamed = 4

  fileprivate func text(_ words: MomentText) -> String {
    guard !others.isEmpty else {
      return "held by the concurrency group \(group) since \(words.clock(first.since)) by build \(first.build)"
    }
    let all = [first] + others
    let named = all.prefix(Self.mostNamed).map { "build \($0.build) since \(words.clock($0.since))" }
    let rest = all.count - named.count
    return "held by the concurrency group \(group), whose \(all.count) places are taken: "
      + named.joined(separator: ", ") + (rest > 0 ? ", and \(rest) more" : "")
  }
}
