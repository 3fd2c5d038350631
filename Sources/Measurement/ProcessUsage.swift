import Foundation
import Glibc

/// What a process has used so far, as `/proc` shows it.
package struct ProcessUsage: Hashable, Sendable {
  /// CPU time of the process itself, in milliseconds.
  package var own: Double
  /// CPU time of its children that have ended and were waited for, with theirs, in milliseconds.
  package var children: Double
  /// The largest resident set that it ever had, in KiB.
  package var peakKiB: Int

  package static func - (later: Self, earlier: Self) -> Self {
    ProcessUsage(
      own: later.own - earlier.own, children: later.children - earlier.children, peakKiB: later.peakKiB)
  }

  package init(own: Double, children: Double, peakKiB: Int) {
    self.own = own
    self.children = children
    self.peakKiB = peakKiB
  }

  /// - Throws: ``MeasurementError`` when there is no such process.
  package init(of pid: Int32) throws {
    guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
      let status = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
    else { throw MeasurementError("there is no process \(pid)") }
    try self.init(stat: stat, status: status, ticksPerSecond: Double(sysconf(Int32(_SC_CLK_TCK))))
  }

  /// Reads the texts of `/proc/PID/stat` and `/proc/PID/status` (see proc(5)).
  init(stat: String, status: String, ticksPerSecond: Double) throws {
    // The second field is the program's name in parentheses, which may hold anything.
    let fields = stat.split(separator: ")").last?.split(separator: " ") ?? []
    guard fields.count > 14 else { throw MeasurementError("/proc shows no CPU time") }
    let times = fields[11...14].map { (Double($0) ?? 0) * 1_000 / ticksPerSecond }
    let peak = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    self.init(
      own: times[0] + times[1], children: times[2] + times[3],
      peakKiB: peak.flatMap { Int($0.filter(\.isNumber)) } ?? 0)
  }

  /// CPU time of this process itself in milliseconds, more exactly than `/proc` has it.
  package static var ownMilliseconds: Double { milliseconds(of: RUSAGE_SELF) }

  /// The same of its children that have ended and were waited for.
  package static var childrenMilliseconds: Double { milliseconds(of: RUSAGE_CHILDREN) }

  private static func milliseconds(of who: __rusage_who) -> Double {
    var usage = rusage()
    unsafe getrusage(__rusage_who_t(who.rawValue), &usage)
    return milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime)
  }

  private static func milliseconds(_ time: timeval) -> Double {
    Double(time.tv_sec) * 1_000 + Double(time.tv_usec) / 1_000
  }
}
