internal import CExecution

/// What a runner is told about its command, in the form that `distci_wire.h` defines.
struct RunnerConfiguration {
  let bytes: [UInt8]

  /// Throws `invalidCommand` for what no system call could take.
  init(_ command: Command, _ limits: Limits) throws(ExecutionError) {
    try Self.validate(command)
    var text: [UInt8] = []
    Self.append(command.workingDirectory, to: &text)
    for argument in command.arguments { Self.append(argument, to: &text) }
    // Sorted, so that one command has one configuration.
    for (name, value) in command.environment.sorted(by: { $0.key < $1.key }) {
      Self.append("\(name)=\(value)", to: &text)
    }
    let resources = Self.resources(limits)
    guard text.count < Int(DISTCI_CONFIGURATION_MAX) / 2, resources.count < 64 else {
      throw Self.invalid("its arguments and environment are larger than any system call accepts (\(text.count) bytes)")
    }
    let head = distci_configuration(
      magic: DISTCI_MAGIC,
      leftover_grace_ms: limits.leftoverGrace.wholeMilliseconds,
      argument_count: UInt32(command.arguments.count),
      environment_count: UInt32(command.environment.count),
      limit_count: UInt32(resources.count),
      text_bytes: UInt32(text.count)
    )
    var bytes: [UInt8] = []
    unsafe withUnsafeBytes(of: head) { unsafe bytes.append(contentsOf: $0) }
    unsafe resources.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
    self.bytes = bytes + text
  }

  private static func append(_ string: String, to text: inout [UInt8]) {
    text.append(contentsOf: string.utf8)
    text.append(0)
  }

  private static func resources(_ limits: Limits) -> [distci_limit] {
    var resources = limits.resources
    if !resources.contains(where: { $0.resource == .coreFileSize }) {
      resources.append(ResourceLimit(.coreFileSize, 0))
    }
    return resources.map { distci_limit(resource: $0.resource.number, soft: $0.soft, hard: $0.hard) }
  }

  private static func validate(_ command: Command) throws(ExecutionError) {
    guard let program = command.arguments.first, !program.isEmpty else {
      throw invalid("it names no program")
    }
    guard command.workingDirectory.hasPrefix("/") else {
      throw invalid("its working directory is not an absolute path: '\(command.workingDirectory)'")
    }
    for (name, _) in command.environment where name.isEmpty || name.utf8.contains(UInt8(ascii: "=")) {
      throw invalid("'\(name)' cannot be the name of an environment variable")
    }
    let strings =
      [command.workingDirectory] + command.arguments + command.environment.keys + command.environment.values
    guard !strings.contains(where: { $0.utf8.contains(0) }) else {
      throw invalid("a NUL stands in its arguments, its environment or its working directory")
    }
  }

  private static func invalid(_ reason: String) -> ExecutionError {
    ExecutionError(code: .invalidCommand, message: "The command cannot be run: \(reason).")
  }
}
