extension TaskDefinition {
  /// The task with all references resolved and every field checked again.
  ///
  /// `script`, `command` and the names of environment variables are never touched: values reach a shell only through
  /// its environment.
  ///
  /// - Throws: ``ValidationError`` that names the task and the field.
  package func resolved(with values: [String: String]) throws(ValidationError) -> TaskDefinition {
    var task = self
    do throws(ValidationError) {
      task.work = try work.resolved(with: values)
      task.deployment = try deployment?.resolved(with: values)
    } catch {
      throw ValidationError("task \(name): \(error.message)", remedy: error.remedy)
    }
    return task
  }
}

extension Continuation {
  /// The parameters with all references resolved.
  ///
  /// - Throws: ``ValidationError`` that names the job and the parameter.
  package func resolvedParameters(with values: [String: String]) throws(ValidationError) -> [ParameterName: String] {
    var resolved: [ParameterName: String] = [:]
    for (name, text) in parameters {
      do throws(ValidationError) {
        resolved[name] = try DeclaredField.parameters.resolve(text, with: values)
      } catch {
        throw ValidationError("parameter \(name) of \(job): \(error.message)", remedy: error.remedy)
      }
    }
    return resolved
  }
}

extension Work {
  fileprivate func resolved(with values: [String: String]) throws(ValidationError) -> Work {
    func resolve(_ field: DeclaredField, _ text: String) throws(ValidationError) -> String {
      try field.resolve(text, with: values)
    }
    func resolve(_ field: DeclaredField, _ texts: [String]) throws(ValidationError) -> [String] {
      try texts.map { (text) throws(ValidationError) in try resolve(field, text) }
    }
    switch self {
    case .gitCheckout(var checkout):
      checkout.repository = try resolve(.repository, checkout.repository)
      checkout.ref = try resolve(.ref, checkout.ref)
      checkout.directory = try resolve(.directory, checkout.directory)
      return .gitCheckout(checkout)
    case .executeShell(var shell):
      shell.directory = try resolve(.directory, shell.directory)
      if let path = shell.generates { shell.generates = try resolve(.generates, path) }
      for (name, value) in shell.environment { shell.environment[name] = try resolve(.environment, value) }
      if let files = shell.split?.files { shell.split?.files = try resolve(.files, files) }
      shell.reports = try resolve(.files, shell.reports)
      return .executeShell(shell)
    case .publishArtifacts(var publish):
      publish.files = try resolve(.files, publish.files)
      return .publishArtifacts(publish)
    case .copyArtifacts(var copy):
      copy.build = try resolve(.build, copy.build)
      copy.files = try resolve(.files, copy.files)
      copy.into = try resolve(.into, copy.into)
      return .copyArtifacts(copy)
    case .gitPromote(var promote):
      promote.repository = try resolve(.repository, promote.repository)
      promote.ref = try resolve(.ref, promote.ref)
      return .gitPromote(promote)
    }
  }
}

extension DeclaredField {
  fileprivate func resolve(_ text: String, with values: [String: String]) throws(ValidationError) -> String {
    do throws(ValidationError) {
      return try check(try Template(text).resolved(with: values))
    } catch {
      throw ValidationError("\(rawValue): \(error.message)", remedy: error.remedy)
    }
  }
}
