import Execution
import Foundation

/// Looks at what this host has to have for a worker to work on it.
package struct HostExamination: Sendable {
  /// Where a worker keeps what it needs on disk.
  private let folder: String
  /// Where programs are looked for, as tasks have it.
  private let path: [String]

  /// Bytes. A workspace, a git mirror and an archive of each are on disk at the same time.
  package static let leastRoom: Int64 = 1 << 30

  package init(folder: String, path: String = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin") {
    self.folder = folder
    self.path = path.split(separator: ":").map(String.init)
  }

  package func findings() async throws -> [Finding] {
    try await BlockingQueue.run { [git, bsdtar, runner, room] }
  }

  private var git: Finding {
    program("git", needed: "git-checkout needs it", remedy: "install git: apt-get install git")
  }

  private var bsdtar: Finding {
    program("bsdtar", needed: "workspaces are archived with it", remedy: "install it: apt-get install libarchive-tools")
  }

  private func program(_ name: String, needed: String, remedy: String) -> Finding {
    let places = path.map { LocalPath.join($0, name) }
    guard let found = places.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
      return .bad(name, "there is no \(name) in \(path.joined(separator: ":")), and \(needed)", remedy: remedy)
    }
    return .good(name, found)
  }

  private var runner: Finding {
    do {
      return .good("runner", try RunnerLocation.find().path)
    } catch {
      return .bad("runner", "commands cannot be run", remedy: error.message)
    }
  }

  private var room: Finding {
    // The folder may be still to be made: its disk is that of the first one above it that is there.
    var place = folder
    while !FileManager.default.fileExists(atPath: place), place.count > 1 {
      place = (place as NSString).deletingLastPathComponent
    }
    let attributes = try? FileManager.default.attributesOfFileSystem(forPath: place)
    guard let free = (attributes?[.systemFreeSize] as? NSNumber)?.int64Value else {
      return .bad("disk", "the disk of \(folder) cannot be examined", remedy: "name another folder with --data")
    }
    let text = "\(SizeText.text(Int(free))) free for \(folder)"
    guard free >= Self.leastRoom else {
      return .bad("disk", text, remedy: "make room, or name a folder on another disk with --data")
    }
    return .good("disk", text)
  }
}
