import Foundation
import Measurement
import Testing

@Suite(.timeLimit(.minutes(1))) struct StampPipeTests {
  private static let program: String = {
    let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return (tests as NSString).deletingLastPathComponent + "/distci-stamp"
  }()

  @Test func `many processes stamp at once, and each is told from the others`() async throws {
    let path = NSTemporaryDirectory() + "/stamps-\(UUID().uuidString)"
    let pipe = try StampPipe(path)
    let before = MonotonicTime.now
    let stamps = try await withThrowingTaskGroup(of: UInt64.self) { group in
      for number in 0..<40 {
        group.addTask {
          try await BareProcess.blocking { try BareProcess.run([Self.program, path, String(number)]) }
          return try await pipe.stamp(of: number)
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    let after = MonotonicTime.now
    #expect(stamps.count == 40 && stamps.allSatisfy { (before...after).contains($0) })
    pipe.close()
    #expect(!FileManager.default.fileExists(atPath: path))
    await #expect(throws: MeasurementError.self) { try await pipe.stamp(of: 99) }
  }

  @Test func `who is no longer interested does not wait for a stamp`() async throws {
    let pipe = try StampPipe(NSTemporaryDirectory() + "/stamps-\(UUID().uuidString)")
    let waiting = Task { try await pipe.stamp(of: 1) }
    waiting.cancel()
    await #expect(throws: CancellationError.self) { try await waiting.value }
    pipe.close()
  }

  @Test func `a program that fails is an error`() throws {
    #expect(throws: MeasurementError.self) { try BareProcess.run([Self.program]) }
    #expect(throws: MeasurementError.self) { try BareProcess.run(["/nonexistent"]) }
  }
}
