import Execution
import Foundation
import Glibc
import Synchronization

/// The moments at which a trial may kill this process: before and after everything that it asks of the stores or of other
/// programs. Each has a name without what differs from time to time, and appears by itself when the program begins to ask
/// something new.
///
/// `DISTCI_FAILPOINTS=record:FILE` writes the passes to a file, one a line: the moment, how often it was passed by then, and
/// the site. `DISTCI_FAILPOINTS=kill:before:2:SITE` ends the process at the second pass before that site, as `kill -9`
/// does. Without the variable nothing of this is there.
final class Failpoints: Sendable {
  static let variable = "DISTCI_FAILPOINTS"
  /// A site that is passed in every round of a loop is as good in the first rounds as in later ones.
  private static let recordedPasses = 4

  private enum Mode: Sendable {
    case record(FileHandle)
    case kill(Pass)
  }

  private struct Pass: Hashable {
    var site: String
    var moment: ChildProcesses.Moment
    var number: Int
  }

  private struct Place: Hashable {
    var site: String
    var moment: ChildProcesses.Moment
  }

  private let mode: Mode
  private let passes = Mutex<[Place: Int]>([:])

  /// - Returns: `nil` unless the environment asks for them.
  init?(_ environment: [String: String]) throws {
    guard let text = environment[Self.variable] else { return nil }
    let parts = text.split(separator: ":", maxSplits: 3).map(String.init)
    switch parts.first {
    case "record" where parts.count == 2:
      mode = .record(try Self.file(parts[1]))
    case "kill" where parts.count == 4:
      guard let moment = ["before": ChildProcesses.Moment.before, "after": .after][parts[1]], let number = Int(parts[2])
      else { throw Self.malformed(text) }
      mode = .kill(Pass(site: parts[3], moment: moment, number: number))
    default:
      throw Self.malformed(text)
    }
  }

  /// Puts failpoints around everything that goes out of this process.
  func around(_ stores: Stores) -> Stores {
    ChildProcesses.observe { [self] program, moment in pass("run \(program)", moment) }
    return Stores(
      coordination: FailpointCoordinationStore(store: stores.coordination, failpoints: self),
      objects: FailpointObjectStore(store: stores.objects, failpoints: self), folder: stores.folder)
  }

  func around<Result>(_ site: String, _ body: () async throws -> Result) async throws -> Result {
    pass(site, .before)
    do {
      let result = try await body()
      pass(site, .after)
      return result
    } catch {
      // A refusal is as much an answer as any.
      pass(site, .after)
      throw error
    }
  }

  func pass(_ site: String, _ moment: ChildProcesses.Moment) {
    let number = passes.withLock { passes in
      passes[Place(site: site, moment: moment), default: 0] += 1
      return passes[Place(site: site, moment: moment)] ?? 0
    }
    switch mode {
    case .record(let file):
      guard number <= Self.recordedPasses else { return }
      // One write for a line, so that lines of several threads stay whole.
      file.write(Data("\(moment)\t\(number)\t\(site)\n".utf8))
    case .kill(Pass(site: site, moment: moment, number: number)):
      kill(getpid(), SIGKILL)
    case .kill:
      return
    }
  }

  private static func file(_ path: String) throws -> FileHandle {
    guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path)
    else {
      throw CommandFailure(.file, "\(path), which \(variable) names, cannot be written", remedy: "name another file")
    }
    return file
  }

  private static func malformed(_ text: String) -> CommandFailure {
    CommandFailure(
      .usage, "\(variable)=\(text) is not understood", remedy: "write record:FILE or kill:before|after:NUMBER:SITE")
  }
}
