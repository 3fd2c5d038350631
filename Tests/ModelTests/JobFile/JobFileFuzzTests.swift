import Measurement
import Testing

@testable import Model

struct JobFileFuzzTests {
  private static let pieces = [
    "\"", "{", "}", "[", "]", ",", ":", "null", "true", "-1", "1e999", "\\ud83d", "\\u0000", "${", "$${", "..", "/",
    "\u{0}",
    "\n", "ä", "*", "[z-a]", "::", "-", "\"needs\": [\"source\"],", "\"name\"", "\"job_id\": \"x\",", "\"params\": {},",
  ].map { Array($0.utf8) }

  /// Whatever happens to the samples, the reader says either that a job is good, and can write it so that it is read
  /// again, or what is wrong, inside the file; and it does so soon.
  @Test(arguments: Samples.names) func mutatedSamples(name: String) throws {
    let sample = try Samples.bytes("\(name).json")
    var generator = SeededGenerator(seed: 2013)
    var good = 0
    let elapsed = ContinuousClock().measure {
      for _ in 0..<1_500 {
        let bytes = mutated(sample, &generator)
        do throws(InvalidJobFile) {
          let job = try JobFile.parse(bytes, file: "f")
          #expect((try? JobFile.parse(job.json)) == job)
          good += 1
        } catch {
          let lines = bytes.count { $0 == 0x0A } + 1
          #expect(!error.diagnostics.isEmpty)
          #expect(
            error.diagnostics.allSatisfy { (1...lines).contains($0.line) && $0.column >= 1 && !$0.remedy.isEmpty })
        }
      }
    }
    #expect(good > 0 && good < 1_500, "the mutations reach both ends")
    #expect(elapsed < .seconds(120))
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
