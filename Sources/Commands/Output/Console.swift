package import Foundation
import Model

/// Where a command prints: results on the standard output, everything else on the standard error.
package struct Console: Sendable {
  /// The one that the commands of this task print on.
  @TaskLocal package static var current = Console.standard

  package var outputIsTerminal: Bool
  package var errorIsTerminal: Bool
  /// Whether terminals get colours.
  package var colours: Bool
  package var timeZone: TimeZone
  private let output: @Sendable ([UInt8]) async throws -> Void
  private let errors: @Sendable ([UInt8]) async throws -> Void

  package init(
    outputIsTerminal: Bool, errorIsTerminal: Bool, colours: Bool, timeZone: TimeZone,
    output: @escaping @Sendable ([UInt8]) async throws -> Void,
    errors: @escaping @Sendable ([UInt8]) async throws -> Void
  ) {
    self.outputIsTerminal = outputIsTerminal
    self.errorIsTerminal = errorIsTerminal
    self.colours = colours
    self.timeZone = timeZone
    self.output = output
    self.errors = errors
  }

  private static let standard = Console(
    outputIsTerminal: isatty(STDOUT_FILENO) == 1, errorIsTerminal: isatty(STDERR_FILENO) == 1,
    colours: (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
      && ProcessInfo.processInfo.environment["TERM"] != "dumb",
    timeZone: .current,
    output: { bytes in try await BlockingQueue.run { try FileHandle.standardOutput.write(contentsOf: Data(bytes)) } },
    errors: { bytes in try await BlockingQueue.run { try FileHandle.standardError.write(contentsOf: Data(bytes)) } })

  var colouredOutput: Bool { outputIsTerminal && colours }

  /// Writes bytes as they are to the standard output.
  func write(_ bytes: [UInt8]) async throws { try await output(bytes) }

  /// Writes bytes as they are to the standard error.
  func writeError(_ bytes: [UInt8]) async throws { try await errors(bytes) }

  /// Prints a text and a line break on the standard output.
  func print(_ text: String) async throws { try await output(Array((text.hasSuffix("\n") ? text : text + "\n").utf8)) }

  /// Prints a text and a line break on the standard error.
  func note(_ text: String) async throws { try await errors(Array((text.hasSuffix("\n") ? text : text + "\n").utf8)) }

  /// Prints a value as JSON on one line.
  func print(json value: some Encodable) async throws {
    let text = String(decoding: try JSONBytes.encode(value), as: UTF8.self)
    try await print(outputIsTerminal ? TerminalText.line(text) : text)
  }
}
