internal import Synchronization

/// Tells an observer when this process starts another, and when that one has ended. There is one observer for the whole
/// process, since the children are the whole process's: the composition root sets it, for trials that end the process at
/// just such a moment. As a rule there is none.
package enum ChildProcesses {
  package enum Moment: Sendable {
    case before
    case after
  }

  package typealias Observer = @Sendable (_ program: String, _ moment: Moment) -> Void

  private static let observer = Mutex<Observer?>(nil)

  package static func observe(_ observer: @escaping Observer) {
    Self.observer.withLock { $0 = observer }
  }

  /// - Parameter program: what is run, without what differs from time to time.
  package static func announce(_ program: @autoclosure () -> String, _ moment: Moment) {
    guard let observer = observer.withLock({ $0 }) else { return }
    observer(program(), moment)
  }

  /// Of the arguments, the program and the words that say what it does: `flock git fetch`.
  static func name(of arguments: [String]) -> String {
    let program = arguments.first.map { $0.split(separator: "/").last.map(String.init) ?? $0 } ?? ""
    let words = arguments.dropFirst().filter { word in word.utf8.allSatisfy { (0x61...0x7A).contains($0) } }
    guard let git = ([program] + words).firstIndex(of: "git") else { return program }
    return ([program] + words).prefix(git + 2).joined(separator: " ")
  }
}
