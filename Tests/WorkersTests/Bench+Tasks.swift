import Foundation
import Model
import ObjectStorage
import SharedRepository
import Testing
import Workers

/// A performance, and what it left in the store.
struct Performed {
  var performance: Performance
  var log: String
  var logSize: Int
  var storage: AttemptStorage

  var verdict: Verdict { performance.verdict }
  var message: String { performance.message ?? "" }
}

extension Bench {
  /// Has a worker perform the last task of a job.
  ///
  /// - Parameters:
  ///   - tasks: the text of the job's list of tasks. A task that needs the last one is added, unless `isLast`.
  ///   - workspace: what it starts from.
  func perform(
    _ task: String, workspace: [String] = [], layers: [WorkspaceLayer]? = nil, cause: BuildCause = .request,
    parameters: [String: String] = [:], isLast: Bool = false, with performers: [any TaskPerformer]? = nil,
    frozen: FrozenInputs? = nil
  ) async throws -> Performed {
    let assignment = try assignment(
      task, workspace: workspace, layers: layers, cause: cause, parameters: parameters, isLast: isLast,
      frozen: frozen)
    let kind = assignment.task.work.kind
    let performer = try #require((performers ?? self.performers).first { $0.kind == kind })
    do {
      let performance = try await performer.perform(assignment)
      return try await performed(performance, assignment)
    } catch {
      _ = try await assignment.log.close()
      throw error
    }
  }

  func performed(_ performance: Performance, _ assignment: Assignment) async throws -> Performed {
    let size = try await assignment.log.close()
    var log: [UInt8] = []
    for try await chunk in assignment.storage.logReader.read(0..<size) { log += chunk }
    return Performed(
      performance: performance, log: String(decoding: log, as: UTF8.self), logSize: size, storage: assignment.storage)
  }

  func assignment(
    _ task: String, workspace: [String] = [], layers: [WorkspaceLayer]? = nil, cause: BuildCause = .request,
    parameters: [String: String] = [:], isLast: Bool = false, frozen: FrozenInputs? = nil
  ) throws -> Assignment {
    let job = try job(task, parameters: parameters.keys.sorted(), isLast: isLast)
    var values: [ParameterName: String] = [:]
    for (name, value) in parameters { values[try ParameterName(name)] = value }
    let request = BuildRequest(
      build: BuildID(job: job.name, number: 7), requestID: "request", jobRevision: "revision", parameters: values,
      cause: cause, requested: Timestamp(milliseconds: 0), depth: 0, priority: 0, frozen: frozen)
    let storage = repository.storage(of: request.build, task: job.tasks[0].name, token: "token~\(UUID().uuidString)")
    return Assignment(
      attempt: TaskAttempt(request: request, task: 0, number: 1, workspace: workspace),
      plan: try Plan(request, of: job), layers: layers, repository: repository, storage: storage,
      log: AttemptLog(storage: storage))
  }

  private func job(_ task: String, parameters: [String], isLast: Bool) throws -> Job {
    let declared = parameters.map { #"{"name": "\#($0)", "type": "string"}"# }.joined(separator: ",")
    let next = isLast ? "" : #", {"name": "next", "type": "execute-shell", "script": "true"}"#
    let text = #"{"job": "sample", "parameters": [\#(declared)], "tasks": [\#(task)\#(next)]}"#
    return try JobFile.parse(Array(text.utf8), file: "sample.json")
  }

  /// A task that runs a script.
  func shellTask(_ script: String, _ more: String = "") -> String {
    let text = String(decoding: (try? JSONEncoder().encode(script)) ?? Data(), as: UTF8.self)
    return #"{"name": "test", "type": "execute-shell", "script": \#(text)\#(more.isEmpty ? "" : ", " + more)}"#
  }

  /// Makes a workspace with a script; returns its keys.
  func workspace(_ script: String, over: [String] = []) async throws -> [String] {
    let made = try await perform(shellTask(script), workspace: over)
    try #require(made.verdict == .succeeded, "\(made.message) \(made.log)")
    return made.performance.workspace
  }

  /// What a script that looks at a workspace writes.
  func look(_ script: String, at workspace: [String]) async throws -> String {
    let seen = try await perform(shellTask(script), workspace: workspace, isLast: true)
    try #require(seen.verdict == .succeeded, "\(seen.message) \(seen.log)")
    return seen.log
  }
}
