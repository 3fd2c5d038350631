import Foundation
import Glibc
import Model
import Testing

extension Site {
  /// Defines a job whose one task counts to a thousand, doing something halfway.
  func defineCountingJob(_ name: String, doing middle: String = ":", task: String = "") async throws {
    try await defineJob(name, script: Counting.script(to: 1_000, around: middle), task: task)
    expect("work", of: name, countsTo: 1_000)
  }

  /// Defines a job of one task, named `work`.
  ///
  /// - Parameters:
  ///   - task: further fields of the task, such as `"timeout": "1s"`.
  ///   - job: further fields of the job.
  func defineJob(_ name: String, script: String, task: String = "", job: String = "") async throws {
    let text = String(decoding: try JSONEncoder().encode(script), as: UTF8.self)
    let fields = [#""name": "work", "type": "execute-shell", "script": \#(text)"#, task].filter { !$0.isEmpty }
    let rest = [job, #""tasks": [{ \#(fields.joined(separator: ", ")) }]"#].filter { !$0.isEmpty }
    try await defineJob(file: #"{ "job": "\#(name)", \#(rest.joined(separator: ", ")) }"#)
  }

  /// Shell commands that say who they are, and then wait at a gate. Each attempt has its own gate.
  func gate(_ name: String) -> String {
    """
    echo $$ > \(folder.gates)/at.\(name).$DISTCI_ATTEMPT.part
    mv \(folder.gates)/at.\(name).$DISTCI_ATTEMPT.part \(folder.gates)/at.\(name).$DISTCI_ATTEMPT
    until [ -e \(folder.gates)/open.\(name).$DISTCI_ATTEMPT ]; do sleep 0.02; done
    """
  }

  /// Waits until an attempt stands at its gate.
  ///
  /// - Returns: the process that waits there.
  @discardableResult
  func arrival(at name: String, attempt: Int = 1) async throws -> pid_t {
    var pid: pid_t?
    try await eventually("attempt \(attempt) stands at gate \(name)") {
      pid = folder.contents("gates/at.\(name).\(attempt)").flatMap { pid_t($0.filter(\.isNumber)) }
      return pid != nil
    }
    return try #require(pid)
  }

  func open(_ name: String, attempt: Int = 1) throws {
    try folder.write("", to: "gates/open.\(name).\(attempt)")
  }

  /// Defines the jobs of the sample chain on a repository of its own, which counts aloud when it is tested.
  func defineChain() async throws -> LocalRepository {
    let repository = try await LocalRepository(
      folder.path + "/library",
      files: ["README.md": "A library.\n", "run-tests": Counting.script(to: 1_000, around: "test -e README.md") + "\n"])
    for job in ["library", "application"] { try await defineSample(job) }
    expect("test", of: "library", countsTo: 1_000)
    return repository
  }

  /// Defines a job of the folder of samples.
  func defineSample(_ job: String) async throws {
    let samples = #filePath.replacingOccurrences(of: "/Tests/TrialTests/Fixture/Site+Jobs.swift", with: "/jobs")
    try await defineJob(file: try String(contentsOfFile: "\(samples)/\(job).json", encoding: .utf8))
  }

  /// Waits until both builds of a chain have ended, and expects them to be green.
  ///
  /// - Returns: both.
  @discardableResult
  func chainEnds(_ build: BuildID) async throws -> [BuildView] {
    let library = try await end(of: build)
    try #require(library.verdict == .succeeded, "\(library)")
    let application = try await end(of: try #require(library.startedBuilds.first).id)
    #expect(application.verdict == .succeeded, "\(application)")
    #expect(application.parameters["library"] == String(build.number))
    let artifact = "/api/v1/jobs/application/builds/\(application.build)/artifacts/dist/contents.txt"
    let contents = try await answer("GET", artifact)
    #expect(contents.status == 200 && String(decoding: contents.body, as: UTF8.self).contains("README.md"))
    return [library, application]
  }
}
