import Model

extension WorkerConfiguration {
  /// The address of a repository that a task names.
  ///
  /// The job file was checked when it was applied, but the value may come from a parameter, and the permission is this
  /// worker's.
  ///
  /// - Throws: ``TaskFailure``.
  func address(_ repository: String, ref: String) throws -> RepositoryAddress {
    let address: RepositoryAddress
    do {
      address = try RepositoryAddress(repository)
      try GitRef.check(ref)
    } catch {
      throw TaskFailure(error.description)
    }
    guard !address.isLocal || allowLocalRepositories else {
      throw TaskFailure(
        "\(address) is a local repository, which this worker may not use; "
          + "start it with --allow-local-repositories, or use a URL")
    }
    return address
  }
}
