internal import CSimulation
package import Measurement

/// One run: owns its time, in microseconds, and decides what happens next. Everything in it happens on one thread, in an
/// order that follows from the seed alone.
///
/// Unchecked, as all that belongs to a world: there is only one thread.
package final class World: @unchecked Sendable {
  package private(set) var now = 0
  package var random: SeededGenerator
  package let trace: Trace
  package private(set) var steps = 0
  private var events = EventQueue()
  private(set) var processes: [SimulatedProcess] = []
  /// Whether whatever can happen happens at once, on the caller's thread and under the runtime's own executor: a store in
  /// the hands of a test.
  private let isImmediate: Bool
  private var isPumping = false
  private var candidates: [Int] = []

  /// A world whose time stands still until a run begins.
  package init(seed: UInt64, trace: Trace = Trace(), isImmediate: Bool = false) {
    random = SeededGenerator(seed: seed)
    self.trace = trace
    self.isImmediate = isImmediate
    if !isImmediate { distci_simulation_begin(seed) }
  }

  /// Takes over the Swift runtime of this process, for ever.
  package static func takeOver() { distci_simulation_take_over() }

  package func process(_ name: String) -> SimulatedProcess {
    let process = SimulatedProcess(number: Int32(processes.count + 1), name: name, world: self)
    processes.append(process)
    return process
  }

  /// Plans something that belongs to no process.
  func schedule(after delay: Int, _ action: @escaping () -> Void) {
    events.add(at: now + max(0, delay), action)
  }

  /// Plans something that happens inside a process: it waits while the process is stopped, and never happens when the
  /// process is gone.
  func deliver(to process: SimulatedProcess, after delay: Int, _ action: @escaping () -> Void) {
    events.add(at: now + max(0, delay)) { process.receive(action) }
  }

  func note(_ who: String, _ text: @autoclosure () -> String) { trace.note(now, who, text()) }

  /// Goes on until a condition holds.
  ///
  /// - Returns: whether it came to hold before the time and the steps were used up.
  package func run(until time: Int, steps most: Int, _ condition: () -> Bool) -> Bool {
    while !condition() {
      guard now <= time, steps < most, step() else { return false }
    }
    return true
  }

  /// In an immediate world, makes everything happen that was planned.
  func pump() {
    guard isImmediate, !isPumping else { return }
    isPumping = true
    while deliverNext() || happenNext() {}
    isPumping = false
  }

  private func deliverNext() -> Bool {
    guard let process = processes.first(where: { $0.hasMail }) else { return false }
    process.takeMail()
    return true
  }

  private func happenNext() -> Bool {
    guard let event = events.next() else { return false }
    now = max(now, event.time)
    event.action()
    return true
  }

  /// Runs one job, or delivers one message, or lets time go on when there is neither.
  private func step() -> Bool {
    steps += 1
    candidates.removeAll(keepingCapacity: true)
    for position in 0..<Int(distci_simulation_count()) {
      let owner = Int(distci_simulation_owner(Int32(position)))
      if owner == 0 || processes[owner - 1].isRunning { candidates.append(position) }
    }
    for process in processes where process.isRunning && process.hasMail { candidates.append(-Int(process.number)) }
    guard !candidates.isEmpty else {
      guard happenNext() else { return false }
      trace.mix(now)
      return true
    }
    let choice = candidates.count == 1 ? candidates[0] : candidates[random.below(candidates.count)]
    trace.mix(choice)
    guard choice < 0 else {
      distci_simulation_run(Int32(choice))
      return true
    }
    let process = processes[-choice - 1]
    distci_simulation_enter(process.number)
    process.takeMail()
    distci_simulation_enter(0)
    return true
  }
}
