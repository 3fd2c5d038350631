import Model
import SharedRepository

/// The list of tasks that a command left in its workspace, for them to join the build.
struct GeneratedTasks {
  let assignment: Assignment
  let folder: AttemptFolder

  /// Reads the list, checks that it can join the build, and stores it.
  ///
  /// - Parameter path: of the file, relative to the workspace.
  /// - Returns: how many tasks it adds.
  /// - Throws: ``TaskFailure`` when the list is not good; all that is wrong with it is in the log then.
  func take(from path: String) async throws -> Int {
    let text = try await read(path)
    let references = assignment.plan.request.values.keys
    do {
      let list = try TaskList.parse(text, file: path, references: references)
      var plan = assignment.plan
      let before = plan.tasks.count
      try plan.join(list, by: assignment.attempt.task)
      let added = plan.tasks.count - before
      guard TaskList.text(list).utf8.count <= TaskList.bytes else {
        throw TaskFailure("\(path.quoted) is larger than \(TaskList.bytes >> 20) MiB; generate fewer tasks")
      }
      if added > 0 { try await assignment.storage.putGeneratedTasks(list) }
      return added
    } catch let error as InvalidJobFile {
      for problem in error.diagnostics { try await assignment.log.line("\(problem)") }
      let others = error.diagnostics.count > 1 ? " (and \(error.diagnostics.count - 1) more in the log)" : ""
      throw TaskFailure("\(error.diagnostics[0])\(others)")
    } catch let error as ValidationError {
      throw TaskFailure("\(path): \(error.message); \(error.remedy)")
    }
  }

  private func read(_ path: String) async throws -> [UInt8] {
    let (workspace, place) = (folder.workspace, folder.path(of: path))
    return try await BlockingCalls.run {
      guard let found = FilePaths.resolved(place) else {
        throw TaskFailure("the task wrote no \(path.quoted); write [] there when there is nothing to do")
      }
      guard found.hasPrefix(workspace + "/") else {
        throw TaskFailure("the file \(path.quoted) leads out of the workspace by a symbolic link; write it inside")
      }
      // A pipe or a device would be waited for without end.
      guard FilePaths.isRegularFile(found) else {
        throw TaskFailure("\(path.quoted) is no regular file; write the list into one")
      }
      let file = try OpenFile(reading: found)
      var text: [UInt8] = []
      while text.count <= TaskList.bytes {
        let more = try file.read(1 << 20)
        if more.isEmpty { return text }
        text += more
      }
      throw TaskFailure("\(path.quoted) is larger than \(TaskList.bytes >> 20) MiB; generate fewer tasks")
    }
  }
}
