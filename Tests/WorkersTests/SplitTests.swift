import Foundation
import Model
import SharedRepository
import Testing
import Workers

@Suite("A part of a split task")
struct SplitTests {
  private func split(_ bench: Bench, _ script: String, into count: Int, _ files: String = "t/**/*.t") -> String {
    bench.shellTask(script, #""split": {"into": \#(count), "files": "\#(files)"}"#)
  }

  @Test("finds its files in a list outside of its workspace, whatever their names hold, and learns what they take")
  func files() async throws {
    try await Bench.with { bench in
      let workspace = try await bench.workspace(
        #"mkdir -p t/deep; : >"t/a b.t"; : >"t/deep/\#("c\nd").t"; : >t/other; ln -s /etc/passwd t/link.t; : >t/-e.t"#)
      let script = #"""
        echo "part $DISTCI_SPLIT_INDEX"; case "$DISTCI_SPLIT_FILES" in "$WORKSPACE"/*) exit 1;; esac
        tr '\n\0' '?\n' <"$DISTCI_SPLIT_FILES"
        """#
      let ended = try await bench.perform(split(bench, script, into: 1), workspace: workspace, isLast: true)
      #expect(ended.verdict == .succeeded)
      #expect(
        ended.log
          == "not dealt out: t/link.t: a symbolic link\npart 0 of 1: 3 files\npart 0\nt/-e.t\nt/a b.t\nt/deep/c?d.t\n")
      let times = try await ended.storage.tests()?.times
      #expect(Set(times?.keys.map(\.self) ?? []) == ["t/-e.t", "t/a b.t", "t/deep/c\nd.t"])
    }
  }

  @Test("has nothing to do when there are fewer files than parts, and fails when there are none at all")
  func fewFiles() async throws {
    try await Bench.with { bench in
      let workspace = try await bench.workspace("mkdir t; : >t/a.t")
      let task = split(bench, "exit 1", into: 2)
      // Another part has dealt already: this one is left with nothing.
      let request = try bench.assignment(task).attempt.request
      _ = try await bench.repository.settle(Deal([], into: 2), of: request, task: try TaskName("test"))
      let idle = try await bench.perform(task, workspace: workspace)
      #expect(idle.verdict == .succeeded && idle.performance.workspace == workspace)
      #expect(idle.log.contains("nothing is left for this one to do"))
    }
    try await Bench.with { bench in
      let none = try await bench.perform(split(bench, "true", into: 2), isLast: true)
      #expect(none.verdict == .failed && none.message.contains("no file of the workspace matches t/**/*.t"))
    }
  }
}
