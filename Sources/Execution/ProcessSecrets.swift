internal import CExecution

/// Keeps what this process knows from the commands that it runs as the same user.
package enum ProcessSecrets {
  /// Takes variables out of the environment, also out of what `/proc` shows of it, and closes `/proc` and `ptrace` of this
  /// process to other processes of the same user. Root still gets everywhere. To be called by the composition root once it
  /// has read what it needs, before there are other threads that read the environment.
  package static func hide(environment names: [String]) {
    for name in names { unsafe name.withCString { unsafe distci_hide_variable($0) } }
    distci_hide_process()
  }
}
