import Foundation
import Measurement
import Testing

@testable import Model

struct JobFileFuzzTests {
  private static let pieces = [
    "\"", "{", "}", "[", "]", ",", ":", "null", "true", "-1", "1e999", "\\ud83d", "\\u0000", "${", "$${", "..", "/",
    "\u{0}",
    "\n", "ä", "*", "[z-a]", "::", "-", "\"needs\": [\"source\"],", "\"name\"", "\"job_id\": \"x\",", "\"params\": {},",
  ].map { Array($0.utf8) }

  /// How long to look, in seconds.
  private static let seconds = ProcessInfo.processInfo.environment["DISTCI_FUZZ_SECONDS"].flatMap(Double.init) ?? 2

  /// Whatever happens to the samples, the reader says either that a job is good, and can write it so that it is read
  /// again, or what is wrong, inside the file; and it does so soon.
  @Test(.timeLimit(.minutes(5))) func mutatedSamples() throws {
    let samples = try Samples.names.map { try Samples.bytes("\($0).json") }
    let end = ContinuousClock.now + .seconds(Self.seconds)
    var (seed, good, bad) = (UInt64(2013), 0, 0)
    while ContinuousClock.now < end || good == 0 || bad == 0 {
      seed += 1
      var generator = SeededGenerator(seed: seed)
      let bytes = mutated(samples.randomElement(using: &generator) ?? [], &generator)
      do throws(InvalidJobFile) {
        let job = try JobFile.parse(bytes, file: "f")
        #expect((try? JobFile.parse(job.json)) == job, "seed \(seed)")
        good += 1
      } catch {
        let lines = bytes.count { $0 == 0x0A } + 1
        let areSound = error.diagnostics.allSatisfy {
          (1...lines).contains($0.line) && $0.column >= 1 && !$0.remedy.isEmpty
        }
        #expect(!error.diagnostics.isEmpty && areSound, "seed \(seed)")
        bad += 1
      }
    }
    print("fuzz: \(good + bad) job files, \(good) of them good")
  }

  /// The same for lists that tasks wrote.
  @Test(.timeLimit(.minutes(5))) func mutatedLists() throws {
    let list = Array(
      #"[{ "name": "a", "type": "execute-shell", "script": "true", "needs": [] }, { "name": "b", "type": "copy-artifacts", "from": { "job": "x" }, "files": ["*"], "matrix": { "m": ["1", "2"] } }]"#
        .utf8)
    let end = ContinuousClock.now + .seconds(Self.seconds / 4)
    var seed = UInt64(5)
    repeat {
      seed += 1
      var generator = SeededGenerator(seed: seed)
      do throws(InvalidJobFile) {
        let tasks = try TaskList.parse(mutated(list, &generator), file: "f", references: [])
        let text = Array(TaskList.text(tasks).utf8)
        #expect((try? TaskList.parse(text, file: "f", references: [])) == tasks, "seed \(seed)")
      } catch {
        #expect(!error.diagnostics.isEmpty, "seed \(seed)")
      }
    } while ContinuousClock.now < end
  }

  private func mutated(_ sample: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
    var bytes = sample
    for _ in 0..<Int.random(in: 1...3, using: &generator) {
      let start = Int.random(in: 0..<bytes.count, using: &generator)
      let end = min(bytes.count, start + Int.random(in: 1...12, using: &generator))
      switch Int.random(in: 0..<5, using: &generator) {
      case 0: bytes[start] = UInt8.random(in: 0...255, using: &generator)
      case 1: bytes.removeSubrange(start..<end)
      case 2: bytes.insert(contentsOf: Self.pieces.randomElement(using: &generator) ?? [], at: start)
      case 3: bytes.insert(contentsOf: bytes[start..<end], at: Int.random(in: 0..<bytes.count, using: &generator))
      default: bytes[start] = UInt8.random(in: 0x61...0x7A, using: &generator)
      }
    }
    return bytes
  }
}
