import ArgumentParser
import Coordination
import Foundation
import Model
import Workers

/// How a worker does its tasks.
struct WorkerOptions: ParsableArguments {
  @Option(help: ArgumentHelp("A label that its slots offer. May be given several times.", valueName: "label"))
  var label: [String] = []

  @Flag(
    help: ArgumentHelp(
      "Let tasks check out repositories of this machine: file:// and paths.",
      discussion: "Also DISTCI_ALLOW_LOCAL_REPOSITORIES=1."))
  var allowLocalRepositories = false

  @Option(
    help: ArgumentHelp(
      "A file of passwords for git, in the format of git-credential-store.",
      discussion: "Also DISTCI_GIT_CREDENTIALS. Passwords never stand in jobs, arguments or logs.", valueName: "file"))
  var gitCredentials: String?

  @Option(
    help: ArgumentHelp(
      "A file of passwords for git-promote, which alone writes to repositories.",
      discussion: "Also DISTCI_PROMOTE_CREDENTIALS; without either, it has no password.", valueName: "file"))
  var promoteCredentials: String?

  @Option(
    help: ArgumentHelp(
      "How long a worker that is told to stop lets running tasks go on before it gives them back.",
      valueName: "seconds"))
  var drainTimeout: Int?

  @Option(
    help: ArgumentHelp(
      "How long a command that is told to stop may go on before it is killed. The default is 10.",
      valueName: "seconds"))
  var grace: Int?

  @Option(
    help: ArgumentHelp(
      "How much of the output of an attempt is kept: its beginning. The default is 256.", valueName: "mebibytes"))
  var logLimit: Int?

  func validate() throws {
    if let drainTimeout, !(0...604_800).contains(drainTimeout) {
      throw ArgumentParser.ValidationError("--drain-timeout is 0 to 604800")
    }
    if let grace, !(0...3_600).contains(grace) { throw ArgumentParser.ValidationError("--grace is 0 to 3600") }
    if let logLimit, !(1...65_536).contains(logLimit) {
      throw ArgumentParser.ValidationError("--log-limit is 1 to 65536")
    }
  }

  /// - Parameters:
  ///   - folder: for everything on disk.
  ///   - serverURL: the address of a frontend, for links that tasks are told.
  func configuration(
    folder: String, serverURL: String?, allowsLocal: Bool = false,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> WorkerConfiguration {
    var configuration = WorkerConfiguration(
      scratchDirectory: folder + "/work", cacheDirectory: folder + "/cache",
      allowLocalRepositories: allowsLocal || allowLocalRepositories
        || environment["DISTCI_ALLOW_LOCAL_REPOSITORIES"] == "1",
      credentialsFile: gitCredentials ?? environment["DISTCI_GIT_CREDENTIALS"],
      promoteCredentialsFile: promoteCredentials ?? environment["DISTCI_PROMOTE_CREDENTIALS"], serverURL: serverURL)
    if let grace { configuration.grace = .seconds(grace) }
    if let logLimit { configuration.logLimit = logLimit << 20 }
    return configuration
  }

  func offer(_ slots: [TaskKind: Int]) throws -> WorkerOffer {
    do {
      try NodeMap.check(try label.map { try Label($0) })
      return WorkerOffer(
        host: ProcessInfo.processInfo.hostName, process: Int(ProcessInfo.processInfo.processIdentifier),
        labels: Set(try label.map { try Label($0) }), slots: slots)
    } catch let error as Model.ValidationError {
      throw ArgumentParser.ValidationError("--label: \(error)")
    }
  }
}
