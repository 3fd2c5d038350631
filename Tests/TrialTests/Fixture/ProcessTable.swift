import Foundation
import Glibc

/// What `/proc` tells of processes.
enum ProcessTable {
  /// The letter of its state; `nil` when there is no such process. One that is dead and waits for its parent is `Z`.
  static func state(of pid: pid_t) -> String? {
    guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
      let name = text.range(of: ") ", options: .backwards)
    else { return nil }
    return String(text[name.upperBound...].prefix(1))
  }

  static func isAlive(_ pid: pid_t) -> Bool { ![nil, "Z", "X"].contains(state(of: pid)) }

  /// The most memory that it ever had resident, in KiB.
  static func peakResident(of pid: pid_t) -> Int? { kibibytes("VmHWM:", of: pid) }

  /// The most that it ever had resident without the pages of its program's and libraries' files, which the kernel can
  /// drop and which are shared by all processes that run them. In KiB.
  static func peakOwn(of pid: pid_t) -> Int? {
    guard let peak = kibibytes("VmHWM:", of: pid), let files = kibibytes("RssFile:", of: pid) else { return nil }
    return peak - files
  }

  private static func kibibytes(_ field: String, of pid: pid_t) -> Int? {
    let status = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix(field) }
    return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
  }

  /// The processes whose arguments, environment or working directory name a path; each with its arguments.
  static func processes(naming path: String) -> [pid_t: String] {
    var found: [pid_t: String] = [:]
    for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
      guard let pid = pid_t(name), pid != getpid(), isAlive(pid) else { continue }
      let command = content("/proc/\(pid)/cmdline")
      let directory = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/cwd")) ?? ""
      guard (command + content("/proc/\(pid)/environ") + directory).contains(path) else { continue }
      found[pid] = command.replacingOccurrences(of: "\0", with: " ")
    }
    return found
  }

  private static func content(_ path: String) -> String {
    String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
  }
}
