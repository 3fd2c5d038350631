/// The job files that a checkout reads out of its commit, and what whoever may push to the repository can do with them.
///
/// Those who run DistCI write this; who pushes writes the files. Whatever is not named here is refused.
package struct JobFiles: Hashable, Sendable, Codable {
  /// What files may do beyond building.
  package enum Permission: String, Hashable, Sendable, Codable, CaseIterable {
    /// Have tasks that deploy.
    case deploy
    /// Move refs of the repositories that they may check out.
    case gitPromote = "git-promote"
    /// Check out submodules, wherever these are.
    case submodules
  }

  /// Globs over the paths of the commit.
  package var files: [String]
  /// The branch whose files are what the jobs are, until its next push.
  package var `default`: String
  /// Globs over the names of jobs that files may define; those that they define they may copy artifacts from and start.
  package var jobs: [String]
  /// The labels that tasks may ask for. Sorted, without repeats.
  package var labels: [Label]
  /// What tasks may check out beside the repository itself.
  package var repositories: [String]
  /// Jobs from elsewhere that files may copy artifacts from and start.
  package var otherJobs: [JobName]
  package var allow: [Permission]

  package static let usualFiles = [".distci/*.json"]
  package static let usualBranch = "main"

  package init(
    files: [String] = usualFiles, default: String = usualBranch, jobs: [String], labels: [Label] = [],
    repositories: [String] = [], otherJobs: [JobName] = [], allow: [Permission] = []
  ) {
    self.files = files
    self.default = `default`
    self.jobs = jobs
    self.labels = labels
    self.repositories = repositories
    self.otherJobs = otherJobs
    self.allow = allow
  }

  /// Whether a file may define a job of that name.
  package func defines(_ job: JobName) -> Bool {
    jobs.contains { (try? Glob($0))?.matches(job.rawValue) ?? false }
  }

  /// Whether a file may copy artifacts of a job, and start it.
  package func reaches(_ job: JobName) -> Bool { defines(job) || otherJobs.contains(job) }

  /// Whether a ref is the default branch.
  package func isDefault(ref: String) -> Bool { ref == `default` || ref == "refs/heads/\(`default`)" }
}

extension Job {
  /// The task that reads job files, if one does.
  package var reading: Reading? {
    for task in tasks {
      if case .gitCheckout(let work) = task.work, let files = work.jobFiles {
        return Reading(task: task.name, work: work, files: files)
      }
    }
    return nil
  }

  /// A task that reads job files.
  package struct Reading: Hashable, Sendable {
    package var task: TaskName
    package var work: GitCheckout
    package var files: JobFiles
  }
}
