internal import CExecution

/// The role of a process that inherits the orphans among its descendants.
package enum Subreaper {
  /// Takes the role for this process. Called once, by the composition root of a worker, before it runs commands.
  ///
  /// Without it, what a command left behind is out of reach if its runner is killed. With it, Execution kills, after the
  /// loss of a runner, every child of this process that lives in a session of its own and is not a runner: nothing else in
  /// the process may start such children. Throws `infrastructure`.
  package static func adopt() throws(ExecutionError) {
    let error = distci_become_subreaper()
    guard error == 0 else { throw .system("prctl(PR_SET_CHILD_SUBREAPER)", error) }
  }
}
