internal import Glibc

/// A limit that the kernel holds for each process of the command, as in `setrlimit(2)`.
package struct ResourceLimit: Sendable, Equatable {
  /// What is limited, and in which unit.
  package enum Resource: Sendable {
    /// Bytes of address space.
    case addressSpace
    /// Bytes of a core file.
    case coreFileSize
    /// Seconds of CPU time.
    case cpuTime
    /// Bytes of a file that is written.
    case fileSize
    /// Descriptors, plus one.
    case openFiles
    /// Processes and threads of the user.
    case processes
    /// Bytes of the main thread's stack.
    case stack
  }

  /// What is limited.
  package var resource: Resource

  /// What holds now; the command may raise it up to `hard`. `UInt64.max` is unlimited.
  package var soft: UInt64

  /// What holds for good.
  package var hard: UInt64

  /// A limit whose soft and hard value differ.
  package init(_ resource: Resource, soft: UInt64, hard: UInt64) {
    self.resource = resource
    self.soft = soft
    self.hard = hard
  }

  /// A limit that cannot be raised again.
  package init(_ resource: Resource, _ value: UInt64) {
    self.init(resource, soft: value, hard: value)
  }
}

extension ResourceLimit.Resource {
  /// The kernel's number.
  var number: UInt64 {
    switch self {
    case .addressSpace: UInt64(RLIMIT_AS.rawValue)
    case .coreFileSize: UInt64(RLIMIT_CORE.rawValue)
    case .cpuTime: UInt64(RLIMIT_CPU.rawValue)
    case .fileSize: UInt64(RLIMIT_FSIZE.rawValue)
    case .openFiles: UInt64(RLIMIT_NOFILE.rawValue)
    case .processes: UInt64(__RLIMIT_NPROC.rawValue)
    case .stack: UInt64(RLIMIT_STACK.rawValue)
    }
  }
}
