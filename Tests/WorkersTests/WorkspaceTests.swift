import Foundation
import Model
import ObjectStorage
import SharedRepository
import Synchronization
import Testing
import Workers

@Suite("A workspace that is kept and restored")
struct WorkspaceTests {
  @Test("is the same: modes, links, empty directories, times, names")
  func fidelity() async throws {
    try await Bench.with { bench in
      let workspace = try await bench.workspace(
        """
        mkdir -p empty deep/er; echo one > deep/er/file; chmod 640 deep/er/file; chmod 700 empty
        printf '#!/bin/sh\\necho ran' > tool; chmod 755 tool
        ln -s tool link; ln -s /nowhere dangling; ln tool hard; touch 'sp ace' 'grün' "$(printf 'new\\nline')"
        touch -d '2020-02-02T02:02:02.123456789Z' tool; : > zero
        """)
      let seen = try await bench.look(
        """
        ./tool
        stat -c '%n %F %a' empty deep/er/file tool zero
        readlink link dangling; cat deep/er/file
        date -u -d @$(stat -c %.9Y tool) +%FT%T.%N
        test "$(stat -c %i tool)" = "$(stat -c %i hard)" && echo linked
        test -e 'sp ace' && test -e grün && test -e "$(printf 'new\\nline')" && echo named
        """, at: workspace)
      #expect(
        seen == """
          ran
          empty directory 700
          deep/er/file regular file 640
          tool regular file 755
          zero regular empty file 644
          tool
          /nowhere
          one
          2020-02-02T02:02:02.123456789
          linked
          named

          """)
    }
  }

  @Test("has the names of its files byte for byte: accents composed or not, and what is no text")
  func names() async throws {
    try await Bench.with { bench in
      let made = try await bench.perform(
        bench.shellTask(
          #"echo 1 > "$(printf 'caf\303\251')"; echo 2 > "$(printf 'cafe\314\201')"; echo 3 > "$(printf 'a\377')""#))
      #expect(made.log.isEmpty, "\(made.log)")
      let seen = try await bench.look(
        "for f in *; do printf %s \"$f\" | od -An -tx1; done", at: made.performance.workspace)
      #expect(seen == " 61 ff\n 63 61 66 65 cc 81\n 63 61 66 c3 a9\n")
    }
  }

  @Test("that the archiver cannot read fails the task, which is not made again")
  func unreadable() async throws {
    try await Bench.with { bench in
      // The folder is the archiver's working place: without it, what the task left cannot be read, root or not.
      let ended = try await bench.perform(bench.shellTask("echo > file; cd ..; rm -r workspace"))
      #expect(ended.verdict == .failed)
      #expect(ended.message.contains("the workspace cannot be kept"), "\(ended.message)")
      #expect(bench.leftInScratch.isEmpty)
    }
  }

  @Test("leaves out what cannot move to another machine, and says so")
  func specialFiles() async throws {
    try await Bench.with { bench in
      let made = try await bench.perform(
        bench.shellTask("perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local => q(s), Listen => 1)'; echo a > a"))
      #expect(made.verdict == .succeeded)
      #expect(made.log.contains("socket"), "\(made.log)")
      let seen = try await bench.look("ls", at: made.performance.workspace)
      #expect(seen == "a\n")
    }
  }

  @Test("is layered: later snapshots go over earlier ones")
  func layers() async throws {
    try await Bench.with { bench in
      let first = try await bench.workspace("echo 1 > a; echo 1 > b; ln b c; ln -s a d")
      let second = try await bench.workspace("echo 2 > b; echo 2 > d; echo 2 > e")
      let seen = try await bench.look("head -q a b c d e; test -h d || echo plain", at: first + second)
      #expect(seen == "1\n2\n1\n2\n2\nplain\n")
    }
  }

  @Test("cannot be layered when a file would have to take a full directory's place, and the task is told so")
  func conflict() async throws {
    try await Bench.with { bench in
      let first = try await bench.workspace("mkdir a; echo 1 > a/b")
      let second = try await bench.workspace("echo 2 > a")
      let ended = try await bench.perform(bench.shellTask("true"), workspace: first + second)
      #expect(ended.verdict == .failed)
      #expect(ended.message.contains("./a: Could not unlink"), "\(ended.message)")
      #expect(bench.leftInScratch.isEmpty)
    }
  }

  @Test("takes from those it starts from what its task removed")
  func removal() async throws {
    try await Bench.with { bench in
      let first = try await bench.workspace("echo 1 > a; echo 1 > b")
      let second = try await bench.workspace("rm a", over: first)
      let seen = try await bench.look("ls", at: second)
      #expect(seen == "b\n")
    }
  }

  @Test("is never a way out: a link of one snapshot is no path for the next, nor are absolute names and ..")
  func hostileArchives() async throws {
    try await Bench.with { bench in
      let target = bench.folder + "/target"
      try bench.shell("mkdir target; mkdir -p one two/way three; ln -s \(target) one/way; echo x > two/way/file")
      try bench.shell("echo x > escape; cd three; echo x > inside")
      let archives = [
        try bench.shell("bsdtar -cf 1.tar -C one way; echo 1.tar"),
        try bench.shell("bsdtar -cf 2.tar -C two way/file; echo 2.tar"),
        try bench.shell("bsdtar -P -cf 3.tar -s ,^,\(target)/, -C three inside; echo 3.tar"),
        try bench.shell("bsdtar -P -cf 4.tar -s ,^,../../../target/, -C three inside; echo 4.tar"),
      ]
      for last in 1...3 {
        let keys = try await archives[last == 1 ? 0...1 : last...last].asyncMap { try await bench.storeArchive($0) }
        // Refused, or kept inside: both are safe.
        _ = try? await bench.perform(bench.shellTask("find ."), workspace: keys, isLast: true)
      }
      let left = try FileManager.default.contentsOfDirectory(atPath: target)
      #expect(left.isEmpty, "\(left)")
    }
  }

  @Test("that is damaged is an error of ours")
  func damage() async throws {
    try await Bench.with { bench in
      try bench.file("broken.tar", "this is no archive at all, and long enough to be looked at")
      let key = try await bench.storeArchive("broken.tar")
      await #expect(throws: (any Error).self) {
        try await bench.perform(bench.shellTask("true"), workspace: [key])
      }
      #expect(bench.leftInScratch.isEmpty)
    }
  }

  @Test("that is being restored is given up at once when the task is cancelled")
  func cancellation() async throws {
    try await Bench.with { bench in
      let workspace = try await bench.workspace("head -c 9000000 /dev/urandom > file")
      let store = StallingStore(base: bench.store)
      let assignment = try bench.assignment(bench.shellTask("true"), workspace: workspace)
      let stalled = Assignment(
        attempt: assignment.attempt, plan: assignment.plan,
        repository: SharedRepository(session: bench.repository.session, objects: store, now: bench.repository.now),
        storage: assignment.storage, log: assignment.log)
      let performing = Task { try await bench.performers[0].perform(stalled) }
      try await eventually("the archiver waits for more") { store.isStalled }
      performing.cancel()
      await #expect(throws: CancellationError.self) { try await performing.value }
      #expect(bench.leftInScratch.isEmpty)
    }
  }

  @Test("may be deeper than paths reach: it is kept, restored and removed, but not searched for artifacts")
  func deepTree() async throws {
    try await Bench.with { bench in
      let workspace = try await bench.workspace(Self.deepScript)
      #expect(bench.leftInScratch.isEmpty)
      #expect(try await bench.look("find . | wc -l", at: workspace) == "701\n")
      let publish = #"{"name": "test", "type": "publish-artifacts", "files": ["**"]}"#
      let ended = try await bench.perform(publish, workspace: workspace)
      #expect(ended.verdict == .failed)
      #expect(ended.message.contains("File name too long") && ended.message.utf8.count < 400, "\(ended.message)")
      #expect(bench.leftInScratch.isEmpty)
    }
  }

  private static let deepScript = #"perl -e 'for (1..700) { mkdir "dddddd" or die; chdir "dddddd" or die }'"#

  @Test("is removed also where directories lost their permissions, and links lead elsewhere")
  func removalOfClosedDirectories() async throws {
    try await Bench.with { bench in
      let kept = try bench.file("elsewhere/kept", "kept")
      try bench.file("scratch/dead.lock", "")
      try bench.shell(
        "mkdir -p scratch/dead/a/b/c; ln -s \(bench.folder)/elsewhere scratch/dead/a/link; echo > scratch/dead/a/b/f; "
          + "chmod 000 scratch/dead/a/b scratch/dead/a")
      #expect(try await ScratchDirectory(bench.scratch).removeLeftovers() == 1)
      #expect(bench.leftInScratch.isEmpty)
      #expect(FileManager.default.fileExists(atPath: kept))
    }
  }

  @Test("of a dead worker that is too deep for paths is removed as well")
  func deepLeftovers() async throws {
    try await Bench.with { bench in
      try bench.file("scratch/dead/workspace/file", "left")
      try bench.file("scratch/dead.lock", "")
      try bench.shell("cd scratch/dead/workspace; \(Self.deepScript)")
      #expect(try await ScratchDirectory(bench.scratch).removeLeftovers() == 1)
      #expect(bench.leftInScratch.isEmpty)
    }
  }

  @Test("that cannot be removed keeps no other from being removed", .enabled(if: Mounts.arePermitted))
  func stubbornLeftovers() async throws {
    try await Bench.with { bench in
      for name in ["1", "2", "3"] {
        try bench.file("scratch/\(name)/file", "left")
        try bench.file("scratch/\(name).lock", "")
      }
      // Held by a mount: a directory of its own file system cannot be unlinked.
      let failures = Failures()
      try bench.shell("mkdir scratch/2/mount; mount -t tmpfs none scratch/2/mount")
      let removed = try await ScratchDirectory(bench.scratch).removeLeftovers { failures.add($0) }
      try bench.shell("umount scratch/2/mount")
      #expect(removed == 2)
      #expect(failures.all.count == 1 && failures.all.allSatisfy { $0.contains("busy") }, "\(failures.all)")
      #expect(bench.leftInScratch.sorted() == ["2", "2.lock"])
    }
  }

  @Test("of a worker that died is removed, of one that lives is not")
  func leftovers() async throws {
    try await Bench.with { bench in
      let assignment = try bench.assignment(bench.shellTask("echo > started; until test -e go; do sleep 0.01; done"))
      let performing = Task { try await bench.performers[0].perform(assignment) }
      try bench.file("scratch/dead/workspace/file", "left")
      try bench.file("scratch/dead.lock", "")
      var live = ""
      try await eventually("the command runs") {
        live =
          bench.leftInScratch.first {
            FileManager.default.fileExists(atPath: "\(bench.scratch)/\($0)/workspace/started")
          } ?? ""
        return !live.isEmpty
      }
      let removed = try await ScratchDirectory(bench.scratch).removeLeftovers()
      #expect(removed == 1)
      #expect(bench.leftInScratch.sorted() == [live, live + ".lock"].sorted())
      try bench.file("scratch/\(live)/workspace/go", "")
      let performance = try await performing.value
      #expect(performance.verdict == .succeeded)
    }
  }
}

/// Whether this process may mount file systems, as root outside of a container may.
private enum Mounts {
  static let arePermitted: Bool = {
    let folder = NSTemporaryDirectory() + "/distci-mount-\(UUID().uuidString)"
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-c", "mkdir $0 && mount -t tmpfs none $0 2> /dev/null && umount $0; ended=$?; rmdir $0; exit $ended", folder,
    ]
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()
}

private final class Failures: Sendable {
  private let found = Mutex<[String]>([])

  var all: [String] { found.withLock { $0 } }

  func add(_ failure: String) { found.withLock { $0.append(failure) } }
}

extension Bench {
  /// Stores a file of this folder as a snapshot; returns its key.
  func storeArchive(_ name: String) async throws -> String {
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")))
    let storage = repository.storage(
      of: BuildID(job: try JobName("foreign"), number: 1), task: try TaskName("made"), token: UUID().uuidString)
    return try await storage.putWorkspace(from: OneChunk(bytes))
  }
}

extension Sequence {
  func asyncMap<Result>(_ transform: (Element) async throws -> Result) async rethrows -> [Result] {
    var results: [Result] = []
    for element in self { results.append(try await transform(element)) }
    return results
  }
}
