/// Names a worker process for the length of its session. Never used again, so what was done under it stays attributed.
package struct WorkerID: Hashable, Sendable, Comparable, CustomStringConvertible {
  package let rawValue: String

  package init(host: String, session: SessionID) {
    let safe = host.unicodeScalars.prefix(40).map { scalar in
      scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)) ? Character(scalar) : "-"
    }
    rawValue = "\(String(safe))~\(session)"
  }

  package init(rawValue: String) {
    self.rawValue = rawValue
  }

  package var description: String { rawValue }

  /// Where the worker stands in the lists of workers and of slots.
  package var bucket: String { HashBucket.name(of: rawValue) }

  /// Whether one of the names is this worker's or its host's.
  package func isNamed(byAny names: [String]) -> Bool {
    names.contains { rawValue == $0 || rawValue.hasPrefix($0 + "~") }
  }

  package static func < (left: WorkerID, right: WorkerID) -> Bool { left.rawValue < right.rawValue }
}

/// One place in a worker process where one ticket at a time is worked on.
package struct SlotID: Hashable, Sendable, Comparable, CustomStringConvertible {
  package let worker: WorkerID
  package let number: Int

  package init(worker: WorkerID, number: Int) {
    self.worker = worker
    self.number = number
  }

  package var description: String { "\(worker)~\(number)" }

  /// Where the slot stands in an idle list. The slots of one small worker stand together, so that a small site has few
  /// buckets to look into; those of a large one are spread.
  package var idleBucket: String { HashBucket.name(of: "\(worker)~\(number / 50)") }

  package static func < (left: SlotID, right: SlotID) -> Bool {
    (left.worker, left.number) < (right.worker, right.number)
  }

  /// The fencing token of the claim that the slot's node holds at the given version: unique for ever, since a worker's
  /// name and a node's version are.
  package func token(version: Int) -> String { "\(self)~\(version)" }
}

/// A parked slot as it stands in the idle list: the slot, and the version at which its node is free.
package struct IdleEntry: Hashable, Sendable {
  package let slot: SlotID
  package let version: Int

  package init(slot: SlotID, version: Int) {
    self.slot = slot
    self.version = version
  }

  package var name: String { slot.token(version: version) }

  /// Reads an entry's name; `nil` when it is none.
  package init?(name: String) {
    let parts = name.split(separator: "~", omittingEmptySubsequences: false)
    guard parts.count >= 3, let number = Int(parts[parts.count - 2]), let version = Int(parts[parts.count - 1]) else {
      return nil
    }
    let worker = WorkerID(rawValue: parts.dropLast(2).joined(separator: "~"))
    self.init(slot: SlotID(worker: worker, number: number), version: version)
  }
}
