import Model

/// The environment in which our git commands run: nothing of the host's configuration, no questions, no hooks, and only
/// the transports that job files may use. Secrets are in a file that it names, never in an argument.
package enum GitEnvironment {
  /// - Parameters:
  ///   - home: a directory without anybody's configuration.
  ///   - isLocal: whether the repository is on this machine, and so its submodules may be. One from elsewhere must not
  ///     name directories of this machine as its submodules.
  package static func of(home: String, _ configuration: WorkerConfiguration, isLocal: Bool) -> [String: String] {
    var transports: [RepositoryAddress.Transport] = [.https, .ssh, .git]
    if isLocal && configuration.allowLocalRepositories { transports.append(.file) }
    let own = [
      "LANG": "C", "LC_ALL": "C",
      "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_ATTR_NOSYSTEM": "1",
      // Set and empty: nobody is asked, neither a program nor the terminal.
      "GIT_ASKPASS": "", "GIT_TERMINAL_PROMPT": "0", "GIT_SSH_COMMAND": "ssh -o BatchMode=yes",
      // Goes before protocol.*.allow, and holds for submodules as well.
      "GIT_ALLOW_PROTOCOL": transports.map(\.rawValue).joined(separator: ":"),
    ]
    let base = CommandEnvironment.base(home: home, temporary: home)
    return base.merging(own) { $1 }.merging(variables(settings(configuration))) { $1 }
  }

  private static func settings(_ configuration: WorkerConfiguration) -> [(String, String)] {
    var settings = [
      ("core.hooksPath", "/dev/null"), ("core.fsmonitor", "false"), ("safe.directory", "*"),
      // A server sends nobody on to addresses that the job did not name, such as this machine's own services.
      ("http.followRedirects", "false"),
      // Forgets helpers that came before.
      ("credential.helper", ""), ("advice.detachedHead", "false"),
      // The mirror's place on this machine is nobody's business.
      ("core.logAllRefUpdates", "false"),
      // A mirror is tidied under its lock, not behind its back; and many small packs beat countless loose objects.
      ("gc.autoDetach", "false"), ("fetch.unpackLimit", "1"),
    ]
    if let file = configuration.credentialsFile {
      settings.append(("credential.helper", "store --file=\(ShellQuoting.quoted(file))"))
    }
    return settings
  }

  private static func variables(_ settings: [(String, String)]) -> [String: String] {
    var variables = ["GIT_CONFIG_COUNT": String(settings.count)]
    for (number, setting) in settings.enumerated() {
      variables["GIT_CONFIG_KEY_\(number)"] = setting.0
      variables["GIT_CONFIG_VALUE_\(number)"] = setting.1
    }
    return variables
  }
}
