internal import CSimulation

/// A process of the simulation: the jobs of its tasks, and what the world has to tell it. It can be stopped and continued,
/// and it can be gone from one moment to the next.
package final class SimulatedProcess: @unchecked Sendable {
  private enum State {
    case running, stopped, gone
  }

  package let number: Int32
  package let name: String
  unowned let world: World
  private var state = State.running
  private(set) var stoppedAt = 0
  private var mail: [() -> Void] = []
  private var read = 0
  /// What was to be told to a process that is gone. Kept, because somebody in there waits for it, for ever.
  private var undelivered: [() -> Void] = []
  private var endings: [() -> Void] = []
  private var stops: [() -> Void] = []

  init(number: Int32, name: String, world: World) {
    self.number = number
    self.name = name
    self.world = world
  }

  package var isRunning: Bool { state == .running }
  package var isGone: Bool { state == .gone }
  var hasMail: Bool { read < mail.count }

  /// Starts a task in the process.
  package func start(_ operation: @escaping @Sendable () async -> Void) {
    let outer = distci_simulation_current()
    distci_simulation_enter(number)
    _ = Task.detached(operation: operation)
    distci_simulation_enter(outer)
  }

  /// What happens in the world when the process is gone.
  func whenGone(_ action: @escaping () -> Void) { endings.append(action) }

  func whenStopped(_ action: @escaping () -> Void) { stops.append(action) }

  func receive(_ action: @escaping () -> Void) {
    if state == .gone { undelivered.append(action) } else { mail.append(action) }
  }

  func takeMail() {
    let action = mail[read]
    read += 1
    if read == mail.count {
      mail.removeAll(keepingCapacity: true)
      read = 0
    }
    action()
  }

  /// As by `kill -9`: nothing of it runs again.
  package func kill() {
    guard state != .gone else { return }
    world.note(name, "is killed")
    end()
    distci_simulation_drop(number)
  }

  /// Its program has ended.
  package func exit() {
    guard state != .gone else { return }
    world.note(name, "exits")
    end()
  }

  private func end() {
    state = .gone
    undelivered += mail[read...]
    mail = []
    read = 0
    for ending in endings { ending() }
    endings = []
  }

  /// As by `kill -STOP`.
  package func stop() {
    guard state == .running else { return }
    world.note(name, "is stopped")
    state = .stopped
    stoppedAt = world.now
    for stop in stops { stop() }
  }

  package func resume() {
    guard state == .stopped else { return }
    world.note(name, "goes on")
    state = .running
  }
}
