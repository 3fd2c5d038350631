import Coordination
import Execution
import FileObjectStorage
import Foundation
import Model
import ObjectStorage
import SQLiteCoordination
import SharedRepository
import Testing
import Workers

/// A worker's surroundings: stores in a folder of their own, and what it takes to have a task performed.
final class Bench: Sendable {
  let folder: String
  let store: FileObjectStore
  let coordination: SQLiteCoordinationStore
  let repository: SharedRepository
  let runner: CommandRunner

  static func with<Result>(_ body: (Bench) async throws -> Result) async throws -> Result {
    let bench = try await Bench()
    do {
      let result = try await body(bench)
      await bench.close()
      return result
    } catch {
      await bench.close()
      throw error
    }
  }

  private init() async throws {
    folder = "/tmp/distci-workers-\(UUID().uuidString.prefix(13))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    store = try await FileObjectStore(folder: folder + "/objects")
    coordination = SQLiteCoordinationStore(folder: folder + "/coordination")
    repository = SharedRepository(
      session: try await coordination.openSession(), objects: store, now: { Timestamp(milliseconds: 1) })
    try await repository.open()
    runner = CommandRunner(runner: try RunnerLocation.find())
  }

  private func close() async {
    await coordination.close()
    await store.close()
    try? FileManager.default.removeItem(atPath: folder)
  }

  var scratch: String { folder + "/scratch" }

  func configuration(local: Bool = true, credentials: String? = nil) -> WorkerConfiguration {
    WorkerConfiguration(
      scratchDirectory: scratch, cacheDirectory: folder + "/cache", allowLocalRepositories: local,
      credentialsFile: credentials, serverURL: "http://ci.example", grace: .milliseconds(200))
  }

  var performers: [any TaskPerformer] { performers(configuration()) }

  func performers(_ configuration: WorkerConfiguration) -> [any TaskPerformer] {
    [
      ExecuteShellPerformer(configuration, runner: runner), GitCheckoutPerformer(configuration, runner: runner),
      PublishArtifactsPerformer(configuration), CopyArtifactsPerformer(configuration),
      GitPromotePerformer(configuration, runner: runner),
    ]
  }

  /// Makes the folder's parent directories and the file.
  @discardableResult
  func file(_ path: String, _ content: String) throws -> String {
    let path = "\(folder)/\(path)"
    let parent = String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)])
    try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    try content.write(toFile: path, atomically: false, encoding: .utf8)
    return path
  }

  /// Runs a shell script here, outside of all that is tested; returns what it wrote.
  @discardableResult
  func shell(_ script: String) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-ec", script]
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "the script ended with \(process.terminationStatus): \(script)")
    return String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// What is left of attempts on this machine.
  var leftInScratch: [String] { (try? FileManager.default.contentsOfDirectory(atPath: scratch)) ?? [] }
}
