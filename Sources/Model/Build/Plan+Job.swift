extension Plan {
  /// Works out the plan of a build.
  ///
  /// - Throws: ``ValidationError`` when a value does not fit where a reference puts it, or the plan is too large.
  package init(_ request: BuildRequest, of job: Job) throws(ValidationError) {
    let values = request.values
    var tasks: [TaskDefinition] = []
    for task in job.tasks { tasks.append(try task.resolved(with: values)) }
    try self.init(request: request, tasks: tasks)
  }
}
