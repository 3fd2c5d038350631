/// What a process tree used, as the kernel counted it.
package struct ResourceUsage: Sendable, Equatable {
  /// CPU time in user mode.
  package var userTime: Duration

  /// CPU time in the kernel.
  package var systemTime: Duration

  /// The largest resident set that any one process had, in KiB.
  package var maximumResidentKiB: UInt64
}
