import Coordination
import Foundation
import TestStores

/// Another process at a store: `store-probe URL`. Obeys the commands on standard input, a line each, and answers each with
/// a line. At the end of its input it dies without a farewell.
@main
struct StoreProbe {
  static func main() async throws {
    do {
      let store = try TestStores.open(CommandLine.arguments[1])
      let probe = StoreProbe(session: try await store.openSession())
      say("session \(probe.session.id.rawValue)")
      while let line = readLine() {
        say(await probe.answer(line.split(separator: " ").map(String.init)))
      }
    } catch {
      say("error \(error)")
    }
    _exit(1)
  }

  let session: any CoordinationSession

  private static func say(_ line: String) {
    FileHandle.standardOutput.write(Data("\(line)\n".utf8))
  }

  private func answer(_ words: [String]) async -> String {
    do {
      return try await obey(words)
    } catch let error as CoordinationError {
      return "error \(error.code)"
    } catch {
      return "error \(error)"
    }
  }

  private func obey(_ words: [String]) async throws -> String {
    switch words.first {
    case "create":
      try await session.create(NodePath(words[1]), lifetime: words[2] == "session" ? .session : .persistent)
      return "ok"
    case "write":
      try await session.write(NodePath(words[1]), Array(words[2].utf8))
      return "ok"
    case "await":
      return try await session.waitFor(NodePath(words[1]), toHold: words[2])
    case "hammer":
      let hammer = Hammer(session: session, counters: Int(words[1]) ?? 0, claims: Int(words[2]) ?? 0)
      return try await hammer.run(increments: Int(words[3]) ?? 0)
    case "twins":
      while true {
        try await session.transaction([
          .write(NodePath(words[1]), [], expecting: nil), .write(NodePath(words[2]), [], expecting: nil),
          .create(NodePath(words[3]), [], .session), .delete(NodePath(words[3]), expecting: 0),
        ])
      }
    case "close":
      await session.close()
      return "ok"
    default:
      return "error unknown command"
    }
  }
}

extension CoordinationSession {
  /// Answers with the time, in nanoseconds of the machine's monotonic clock, when the node was seen to hold the text.
  fileprivate func waitFor(_ path: NodePath, toHold text: String) async throws -> String {
    for try await node in watch(path) where node.map({ $0.data == Array(text.utf8) }) == true {
      return "ok \(DispatchTime.now().uptimeNanoseconds)"
    }
    return "error the watch ended"
  }
}
