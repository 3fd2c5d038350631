import Testing

@testable import Execution

struct RunnerConfigurationTests {
  @Test(
    arguments: [
      (Duration.zero, 0), (.nanoseconds(1), 1), (.milliseconds(1), 1), (.microseconds(1001), 2), (.seconds(10), 10_000),
      (.seconds(-1), 0), (.seconds(1 << 40), UInt32.max),
    ] as [(Duration, UInt32)]
  )
  func `a grace is rounded up, and never overflows`(duration: Duration, milliseconds: UInt32) {
    #expect(duration.wholeMilliseconds == milliseconds)
  }

  @Test func `one command has one configuration`() throws {
    let environment = Dictionary(uniqueKeysWithValues: (0..<50).map { ("NAME\($0)", "\($0)") })
    let command = Command(arguments: ["/bin/true"], environment: environment, workingDirectory: "/")
    var other = command
    other.environment = Dictionary(uniqueKeysWithValues: environment.reversed())
    #expect(try RunnerConfiguration(command, Limits()).bytes == RunnerConfiguration(other, Limits()).bytes)
  }
}
