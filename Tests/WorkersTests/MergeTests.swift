import Model
import Testing
import Workers

/// Workspaces that were made side by side, in the workspace of a task that needs both. The tasks of the layers are by turns
/// `test` and `next`, as a job of two tasks has no more names.
@Suite("Workspaces side by side")
struct MergeTests {
  /// What a script writes that looks at the merge of what two scripts made of the same base.
  private func merge(
    _ bench: Bench, base: String, _ first: String, _ second: String, look: String = "true"
  ) async throws -> Performed {
    let base = try await bench.workspace(base)
    let (one, other) = (try await bench.workspace(first, over: base), try await bench.workspace(second, over: base))
    let layers = [WorkspaceLayer(task: 0, keys: one), WorkspaceLayer(task: 1, keys: other, base: base)]
    return try await bench.perform(bench.shellTask(look), workspace: one + other, layers: layers)
  }

  @Test("come together: what only one of them changed, added or replaced is there")
  func together() async throws {
    try await Bench.with { bench in
      let made = try await merge(
        bench, base: "echo 0 > a; echo 0 > b; echo 0 > c; mkdir d; ln -s a l; echo 0 > m; chmod 600 m",
        "echo 1 > a; echo 1 > d/one; mkdir one; echo 1 > one/x; ln -sf b l",
        "echo 2 > b; echo 2 > d/two; mkdir -p two/deep; echo 2 > two/deep/y; chmod 755 m",
        look: "head -q a b c d/one d/two one/x two/deep/y l | tr '\\n' ' '; readlink l; stat -c %a m")
      #expect(made.verdict == .succeeded, "\(made.message)")
      #expect(made.log == "1 2 0 1 2 1 2 2 b\n755\n")
      #expect(bench.leftInScratch.isEmpty)
    }
  }

  @Test("may write the same file, if they write the same")
  func same() async throws {
    try await Bench.with { bench in
      let made = try await merge(
        bench, base: "echo 0 > a", "echo 1 > a; echo same > new", "echo 1 > a; echo same > new", look: "cat a new")
      #expect(made.log == "1\nsame\n", "\(made.message)")
    }
  }

  @Test(
    "are a mistake when both wrote a file differently, and both are named",
    arguments: [
      ("echo 1 > dir/f", "echo 2 > dir/f"), ("echo 1 > dir/new", "echo 2 > dir/new"),
      ("chmod 700 dir/f", "chmod 755 dir/f"), ("ln -sf one dir/f", "ln -sf two dir/f"),
      ("rm dir/f; mkdir dir/f", "echo 2 > dir/f"),
    ])
  func clash(first: String, second: String) async throws {
    try await Bench.with { bench in
      let made = try await merge(bench, base: "mkdir dir; echo 0 > dir/f; chmod 600 dir/f", first, second)
      #expect(made.verdict == .failed)
      #expect(made.message.hasPrefix("test and next both wrote \"dir/"), "\(made.message)")
      #expect(bench.leftInScratch.isEmpty)
    }
  }

  @Test("that never had a common base clash as well")
  func withoutBase() async throws {
    try await Bench.with { bench in
      let (one, other) = (try await bench.workspace("echo 1 > a"), try await bench.workspace("echo 2 > a"))
      let layers = [WorkspaceLayer(task: 0, keys: one), WorkspaceLayer(task: 1, keys: other, base: [])]
      let made = try await bench.perform(bench.shellTask("true"), workspace: one + other, layers: layers)
      #expect(made.message.contains("both wrote \"a\""), "\(made.message)")
    }
  }
}
