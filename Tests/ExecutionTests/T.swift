import Execution
import Testing
@Test func smoke() async throws {
  let runner = CommandRunner(runner: try RunnerLocation.find())
  let c = try await runner.run(Command(arguments: ["/bin/sh","-c","echo hi; env; pwd; exit 3"], environment: ["A":"b"], workingDirectory: "/usr")) { print(String(decoding: $0, as: UTF8.self)) }
  print(c)
}
