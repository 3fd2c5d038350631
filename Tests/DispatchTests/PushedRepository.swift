import Coordination
import Foundation
import Model
import ObjectStorage
import SharedRepository
import TestStores
import Testing
import Workers

@testable import Frontend

/// A repository of this machine in the hands of a test, with somebody who pushes to it and a frontend that is told.
final class PushedRepository: Sendable {
  let folder: String
  private let workshop: Workshop

  var url: String { "file://\(folder)/central.git" }

  static func with(_ workshop: Workshop, _ body: @escaping @Sendable (PushedRepository) async throws -> Void)
    async throws
  {
    let folder = FileManager.default.temporaryDirectory.path + "/distci-files-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let repository = PushedRepository(folder, workshop)
    try repository.shell(
      """
      git init -q --bare -b main central.git; git init -q -b main work; cd work
      git config user.name a; git config user.email a@example.org; git remote add origin ../central.git
      git commit -q --allow-empty -m begin; git push -q origin main
      """)
    try await body(repository)
  }

  /// Tells a story of a repository that keeps job files, beside a worker that checks out of it and does shell tasks as it is
  /// told. Nothing may be left at the end.
  ///
  /// - Parameter bounds: what it is allowed, as in ``allow(_:tasks:)``.
  static func story(
    _ pair: StorePair, allowing bounds: String = usualBounds, tasks: String = "",
    perform: @escaping @Sendable (Assignment, Workshop) async throws -> Performance = { _, _ in .init(.succeeded) },
    _ body: @escaping @Sendable (Workshop, PushedRepository) async throws -> Void
  ) async throws {
    try await Workshop.open(pair) { workshop in
      try await with(workshop) { repository in
        try await repository.allow(bounds, tasks: tasks)
        let worker = try repository.worker { try await perform($0, workshop) }
        try await workshop.withWorkers(worker) { try await body(workshop, repository) }
        try await workshop.expectNothingLeft()
      }
    }
  }

  /// A story in which a build of the reading job ends after another one that comes later.
  static func story(
    _ pair: StorePair, holding held: BuildID, until other: BuildID,
    _ body: @escaping @Sendable (Workshop, PushedRepository) async throws -> Void
  ) async throws {
    let hold = #"{ "name": "hold", "type": "execute-shell", "script": "true", "needs": ["read"] }"#
    try await story(
      pair, tasks: hold,
      perform: { assignment, workshop in
        if assignment.plan.request.build == held { try await hasEnded(other, workshop) }
        return Performance(.succeeded)
      }, body)
  }

  /// Waits until a build has ended that need not have begun yet.
  private static func hasEnded(_ build: BuildID, _ workshop: Workshop) async throws {
    try await workshop.waitForChange([NodeMap.build(build)]) {
      guard try await workshop.observer.runningBuild(build) == nil else { return false }
      return try await workshop.observer.endedBuild(build) != nil
    }
  }

  static let usualBounds = #""jobs": ["library", "library-*"]"#

  private init(_ folder: String, _ workshop: Workshop) {
    self.folder = folder
    self.workshop = workshop
  }

  @discardableResult
  func shell(_ script: String) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-ec", "exec 2>&1; cd '\(folder)'; \(script)"]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(script): \(text)")
    return text.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  @discardableResult
  func git(_ command: String) throws -> String { try shell("cd work; git \(command)") }

  /// Writes files, commits them and pushes the branch.
  ///
  /// - Returns: the builds that the frontend says were started.
  @discardableResult
  func push(_ files: [String: String], to branch: String = "main") async throws -> [BuildReference] {
    for (path, text) in files {
      let file = URL(fileURLWithPath: "\(folder)/work/\(path)")
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    try git("add -A && git commit -q --allow-empty -m change")
    return try await push(to: branch)
  }

  /// Pushes what is checked out, as it is, and tells the frontend.
  func push(to branch: String) async throws -> [BuildReference] {
    let ref = "refs/heads/\(branch)"
    let zeros = String(repeating: "0", count: 40)
    let before = try git("ls-remote -q origin \(ref)").prefix(40)
    try git("push -q --force origin HEAD:\(ref)")
    let push = PushEvent(
      ref: ref, before: before.isEmpty ? zeros : String(before), after: try git("rev-parse HEAD"),
      repository: .init(fullName: "\(folder)/central.git", isLocal: true))
    try push.check()
    return try await PushHandling(repository: workshop.observer).handle(push, delivery: nil).started
  }

  /// The file of a job that is kept here.
  func file(_ job: String, _ more: String = "", branches: String = "**", script: String = "true") -> String {
    """
    { "job": "\(job)", "triggers": [{ "on": "push", "repository": "\(url)", "branches": ["\(branches)"] }],
      "tasks": [
        { "name": "source", "type": "git-checkout", "repository": "\(url)" },
        { "name": "work", "type": "execute-shell", "script": "\(script)" } ]\(more.isEmpty ? "" : ", " + more) }
    """
  }

  /// Allows the repository to keep job files.
  ///
  /// - Parameter tasks: what else the job does that reads them, in JSON.
  func allow(_ bounds: String = usualBounds, tasks: String = "") async throws {
    let read = #"{ "name": "read", "type": "git-checkout", "repository": "\#(url)", "jobFiles": { \#(bounds) } }"#
    try await workshop.defineJob(
      file: """
        { "job": "files", "triggers": [{ "on": "push", "repository": "\(url)", "branches": ["**"] }],
          "tasks": [\(read)\(tasks.isEmpty ? "" : ", " + tasks)] }
        """)
  }

  /// A worker that checks out of it.
  func worker(
    controls: Int = 1,
    perform: @escaping @Sendable (Assignment) async throws -> Performance = { _ in .init(.succeeded) }
  ) throws -> TestWorker { try .checkingOut(in: folder, controls: controls, perform: perform) }
}

extension Workshop {
  /// Waits for the build that reads the files of a push, and for those that it starts.
  func ends(of started: [BuildReference]) async throws -> (reading: BuildView, builds: [BuildView]) {
    let reading = try await end(of: try #require(started.first).id)
    var builds: [BuildView] = []
    for build in reading.startedBuilds { builds.append(try await end(of: build.id)) }
    return (reading, builds)
  }

  /// The log of a task's last attempt.
  func log(of build: BuildID, task: Int = 0) async throws -> String {
    let ended = try #require(try await observer.endedBuild(build)).record
    let plan = try await observer.plan(of: ended)
    let outcome = try #require(ended.state.tasks[task].attempts.last)
    let storage = observer.storage(of: build, task: plan.tasks[task].name, token: outcome.token)
    var bytes: [UInt8] = []
    for try await chunk in storage.logReader.read(0..<outcome.logSize) { bytes += chunk }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The commit that a task of an ended build checked out.
  func commit(of build: BuildID, task: Int = 0) async throws -> String? {
    try await observer.endedBuild(build)?.record.state.tasks[task].attempts.last?.commit
  }
}
