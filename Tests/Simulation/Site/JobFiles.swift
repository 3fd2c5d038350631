import Model
import Synchronization

/// The jobs of scenarios, read once.
enum JobFiles {
  private static let known = Mutex<[String: Job]>([:])

  static func job(_ name: String) throws -> Job {
    if let job = known.withLock({ $0[name] }) { return job }
    let job = try JobFile.parse(Array(Scenario.file(of: name).utf8), file: "\(name).json")
    known.withLock { $0[name] = job }
    return job
  }
}
