import Foundation
import Testing

@testable import Measurement

@Suite struct ProcessUsageTests {
  @Test func `CPU times and the peak are read from the kernel's texts, whatever the program is called`() throws {
    let usage = try ProcessUsage(
      stat: "7 (a) S b) S 1 7 7 0 -1 4194304 100 0 0 0 120 30 500 50 20 0 1 0 100 1000 10",
      status: "Name:\ta\nVmPeak:\t  9999 kB\nVmHWM:\t    4711 kB\n", ticksPerSecond: 100)
    #expect(usage == ProcessUsage(own: 1_500, children: 5_500, peakKiB: 4_711))
  }

  @Test func `this process has used something, and one that is not there nothing`() throws {
    let usage = try ProcessUsage(of: ProcessInfo.processInfo.processIdentifier)
    #expect(usage.peakKiB > 1_000)
    #expect(throws: MeasurementError.self) { try ProcessUsage(of: -1) }
  }
}
