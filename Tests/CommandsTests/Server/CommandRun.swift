import Foundation
import Synchronization

@testable import Commands

/// A run of the program inside the test: its exit status and all that it printed.
struct CommandRun: Sendable {
  let status: ExitStatus
  let output: [UInt8]
  let errors: String

  var text: String { String(decoding: output, as: UTF8.self) }

  private final class Printed: Sendable {
    let output = Mutex<[UInt8]>([])
    let errors = Mutex<[UInt8]>([])
  }

  /// - Parameter terminal: whether the program shall think that a terminal is at the other end.
  init(_ arguments: [String], terminal: Bool = false) async {
    let printed = Printed()
    let console = Console(
      outputIsTerminal: terminal, errorIsTerminal: terminal, colours: true, timeZone: .gmt,
      output: { bytes in printed.output.withLock { $0 += bytes } },
      errors: { bytes in printed.errors.withLock { $0 += bytes } })
    status = await Console.$current.withValue(console) { await DistCI.run(arguments) }
    output = printed.output.withLock { $0 }
    errors = String(decoding: printed.errors.withLock { $0 }, as: UTF8.self)
  }

  /// A run against a server.
  init(_ arguments: [String], on server: ScriptedServer, terminal: Bool = false) async {
    await self.init(arguments + ["--server", server.url], terminal: terminal)
  }
}
