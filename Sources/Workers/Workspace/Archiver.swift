import Execution
import Glibc
import Subprocess
import SystemPackage

/// Makes archives of directories and unpacks them, in a child process: `bsdtar` of libarchive, the only archiver that is
/// safe with archives of strangers without being asked.
///
/// Archives are pax, for times below the second, compressed with LZ4. Zstandard would save a quarter of the size, but
/// libarchive 3.6 pads what it writes to a pipe with zeros, and its own Zstandard reader takes them for a broken archive.
struct Archiver: Sendable {
  private static let program = "bsdtar"
  /// Done once: writing to an archiver that has died is an error to be handled, not the end of this process. Commands of
  /// tasks do not inherit it, as their runner sets every signal to its default.
  private static let ignoreBrokenPipes: Void = { _ = signal(SIGPIPE, SIG_IGN) }()
  /// Bytes of its messages that are worth showing.
  private static let messageSize = 4_096

  /// Unpacks an archive over what is in the directory. What is there gives way to what comes; nothing is ever written
  /// through a symbolic link.
  ///
  /// - Throws: ``ArchiveError``; what `chunks` throws.
  func unpack<Chunks: AsyncSequence & Sendable>(
    _ chunks: Chunks, into directory: String
  ) async throws where Chunks.Element == [UInt8] {
    Self.ignoreBrokenPipes
    // -U unlinks what is in the way, a symbolic link among the parents included, and so breaks hard links as well.
    let arguments = ["-x", "-U", "-p", "--no-same-owner", "-f", "-", "-C", directory]
    ChildProcesses.announce("\(Self.program) -x", .before)
    let result = try await run(
      .name(Self.program), arguments: Arguments(arguments), environment: Self.environment,
      platformOptions: Self.options, input: .inputWriter, output: .discarded, error: .sequence
    ) { execution in
      async let messages = Self.messages(execution.standardError)
      let failure = await Self.feed(chunks, to: execution.standardInputWriter)
      return (await messages, failure)
    }
    ChildProcesses.announce("\(Self.program) -x", .after)
    let (messages, failure) = result.closureResult
    try Task.checkCancellation()
    // When both failed, the archiver did first: a failure of the source makes it fail only by ending the archive early.
    if let failure, !(failure is SubprocessError) { throw failure }
    guard result.terminationStatus.isSuccess else { throw ArchiveError("unpacked", result.terminationStatus, messages) }
    // An archiver that succeeded and did not take it all has seen the archive's end: what was left over is padding.
  }

  /// Makes an archive of all that is in the directory. `consume` reads it while it is made.
  ///
  /// - Returns: what `consume` returns, and the archiver's warnings, one for each file that was left out.
  /// - Throws: ``ArchiveError``; what `consume` throws.
  func pack<Result: Sendable>(
    _ directory: String, consume: (ArchiveChunks) async throws -> Result
  ) async throws -> (result: Result, warnings: [String]) {
    // Names as the bytes that they are: libarchive would make NFC of them, and so one file of two.
    // Neither owners nor attributes: where it is unpacked everything belongs to the worker there.
    let arguments = [
      "-c", "--format", "pax", "--options", "pax:hdrcharset=BINARY", "--lz4", "--numeric-owner", "--no-acls",
      "--no-xattrs", "--no-fflags", "-f", "-",
      "-C", directory, ".",
    ]
    ChildProcesses.announce("\(Self.program) -c", .before)
    let result = try await run(
      .name(Self.program), arguments: Arguments(arguments), environment: Self.environment,
      platformOptions: Self.options, input: .none, output: .sequence, error: .sequence
    ) { execution in
      async let messages = Self.messages(execution.standardError)
      let value = try await consume(ArchiveChunks(execution.standardOutput))
      return (value, await messages)
    }
    ChildProcesses.announce("\(Self.program) -c", .after)
    let (value, messages) = result.closureResult
    try Task.checkCancellation()
    guard result.terminationStatus.isSuccess else { throw ArchiveError("made", result.terminationStatus, messages) }
    return (value, Self.warnings(in: messages))
  }

  private static var environment: Environment {
    // A locale, since names that are not ASCII are stored as UTF-8.
    .custom(["PATH": CommandEnvironment.path, "LANG": "C.UTF-8"])
  }

  private static var options: PlatformOptions {
    // No steps: it is killed at once.
    PlatformOptions()
  }

  private static func feed<Chunks: AsyncSequence>(
    _ chunks: Chunks, to writer: StandardInputWriter
  ) async -> (any Error)? where Chunks.Element == [UInt8] {
    do {
      for try await chunk in chunks { _ = try await writer.write(chunk) }
      try await writer.finish()
      return nil
    } catch {
      try? await writer.finish()
      return error
    }
  }

  /// The end of what it says; the rest is read and dropped, so that it does not block.
  private static func messages(_ output: SubprocessOutputSequence) async -> [UInt8] {
    var tail: [UInt8] = []
    do {
      for try await buffer in output {
        tail += unsafe buffer.withUnsafeBytes { unsafe Array($0) }
        if tail.count > messageSize { tail.removeFirst(tail.count - messageSize) }
      }
    } catch {
      // It is only what it says: how it ended counts.
    }
    return tail
  }

  private static func warnings(in messages: [UInt8]) -> [String] {
    messages.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
      // It stores the bytes instead, which is what we want.
      .filter { !$0.contains("Can't translate pathname") }
  }
}
