/// The folder of one attempt: its workspace, and beside that what belongs to the attempt and is not kept.
struct AttemptFolder: Sendable {
  /// Absolute, without symbolic links.
  let path: String

  /// What the attempt starts from and leaves.
  var workspace: String { path + "/workspace" }
  /// The home directory that commands are told.
  var home: String { path + "/home" }
  var temporary: String { path + "/tmp" }
  /// Where workspaces are unpacked that are to be put together; there only while they are.
  var aside: String { path + "/aside" }
  var base: String { path + "/base" }
  /// For files of ours.
  var own: String { path + "/own" }

  var directories: [String] { [path, workspace, home, temporary, own] }

  /// The path of something in the workspace.
  ///
  /// - Parameter relative: empty for the workspace itself.
  func path(of relative: String) -> String {
    relative.isEmpty ? workspace : "\(workspace)/\(relative)"
  }
}
