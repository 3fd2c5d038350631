import Coordination
import Model
import SharedRepository

/// The build whose artifacts a task asks for.
struct SourceBuild: Sendable {
  private let work: CopyArtifacts
  private let cause: BuildCause
  /// What the build that this one repeats copied from.
  private let frozen: BuildID?

  /// - Parameters:
  ///   - task: the task's name.
  ///   - request: of the build that the task belongs to.
  init(_ work: CopyArtifacts, of task: TaskName, in request: BuildRequest) {
    self.work = work
    cause = request.origin
    frozen = request.frozen?.sources[task]
  }

  enum Found: Sendable {
    case found(BuildID, [SharedRepository.Publication])
    /// With the reason.
    case missing(String)
  }

  /// - Throws: ``TaskFailure`` when the task's choice makes no sense here.
  func find(in repository: SharedRepository) async throws -> Found {
    let build: BuildID
    switch try frozen.map({ .number($0.number) }) ?? selector() {
    case .latestSuccessful:
      guard let found = try await repository.latestBuild(of: work.job, succeeded: true) else {
        return .missing("no build of job \(work.job) has succeeded yet; start one first")
      }
      build = found.record.request.build
    case .latest:
      guard let found = try await repository.latestBuild(of: work.job, succeeded: false) else {
        return .missing("no build of job \(work.job) has ended yet; start one first")
      }
      build = found.record.request.build
    case .triggering: build = try triggering()
    case .number(let number): build = BuildID(job: work.job, number: number)
    }
    do {
      return .found(build, try await repository.publications(of: build))
    } catch let error as RepositoryError where error.code == .notFound {
      return .missing(error.description)
    }
  }

  private func selector() throws -> BuildSelector {
    do {
      return try BuildSelector(work.build)
    } catch {
      throw TaskFailure(error.description)
    }
  }

  private func triggering() throws -> BuildID {
    guard case .continuation(let build) = cause else {
      throw TaskFailure(
        "no other build started this one, so there is no triggering build; let the \"then\" of job \(work.job) start it, "
          + "or copy from latest-successful")
    }
    guard build.job == work.job else {
      throw TaskFailure(
        "this build was started by \(build), not by a build of job \(work.job); "
          + "copy from job \(build.job), or from latest-successful")
    }
    return build
  }
}
