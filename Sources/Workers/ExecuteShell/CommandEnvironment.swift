import Model

/// The environment of the commands that tasks run. Nothing of the worker's own gets into it.
enum CommandEnvironment {
  static let path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

  /// What every command of an attempt sees.
  static func base(home: String, temporary: String) -> [String: String] {
    [
      "PATH": path, "HOME": home, "TMPDIR": temporary, "LANG": "C.UTF-8", "SHELL": "/bin/sh",
      "TERM": "dumb", "USER": User.current, "LOGNAME": User.current,
    ]
  }

  /// What the command of a task sees: what the task declares goes over the rest.
  static func of(
    _ assignment: Assignment, _ folder: AttemptFolder, _ dealt: DealtFiles? = nil, page: String?,
    declared: [String: String]
  ) -> [String: String] {
    let request = assignment.attempt.request
    let build = request.build
    let values = request.values
    var environment = base(home: folder.home, temporary: folder.temporary)
    environment.merge([
      "CI": "true", "DISTCI_JOB": build.job.rawValue, "DISTCI_BUILD": String(build.number),
      "DISTCI_TASK": assignment.task.name.rawValue, "DISTCI_ATTEMPT": String(assignment.attempt.number),
      "DISTCI_BRANCH": values[BuildValue.branch.rawValue] ?? "",
      "DISTCI_COMMIT": assignment.attempt.commit ?? values[BuildValue.commit.rawValue] ?? "",
      "DISTCI_PULL_REQUEST": values[BuildValue.pullRequest.rawValue] ?? "",
      "DISTCI_BASE_BRANCH": request.origin.pullRequest?.base ?? "", "DISTCI_EVENT": request.event,
      "DISTCI_WORKSPACE": folder.workspace,
      "JOB_NAME": build.job.rawValue, "BUILD_NUMBER": String(build.number), "WORKSPACE": folder.workspace,
    ]) { $1 }
    if let dealt {
      environment["DISTCI_SPLIT_INDEX"] = String(dealt.index)
      environment["DISTCI_SPLIT_FILES"] = dealt.list
    }
    environment["DISTCI_URL"] = page
    for (name, value) in request.parameters { environment[EnvironmentName.of(name)] = value }
    for (name, value) in assignment.combination { environment[EnvironmentName.ofMatrix(name)] = value }
    return environment.merging(declared) { $1 }
  }
}
