import Foundation
import Model
import SharedRepository
import Testing
import Workers

@Suite("A command of a task")
struct ExecuteShellTests {
  @Test("finds exactly the documented environment, and what the task declares over it")
  func environment() async throws {
    try await Bench.with { bench in
      let push = BuildCause.push(.init(repository: "octo/library", ref: "refs/heads/main", commit: "c0ffee"))
      let task = bench.shellTask(
        "/usr/bin/env -0 | sort -z | tr '\\0' '\\n'", #""environment": {"LANG": "C", "X": "a b"}"#)
      let seen = try await bench.perform(task, cause: push, parameters: ["ref-name": "$(touch /tmp/x)"], isLast: true)
      var variables: [String: String] = [:]
      for line in seen.log.split(separator: "\n") {
        let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        variables[parts[0]] = parts.count > 1 ? parts[1] : ""
      }
      let workspace = try #require(variables["WORKSPACE"])
      let folder = String(workspace.dropLast("/workspace".count))
      // The shell adds PWD, and nothing else.
      #expect(
        variables == [
          "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": folder + "/home",
          "TMPDIR": folder + "/tmp", "LANG": "C", "X": "a b", "SHELL": "/bin/sh", "TERM": "dumb",
          "USER": NSUserName(), "LOGNAME": NSUserName(), "CI": "true", "DISTCI_JOB": "sample", "DISTCI_BUILD": "7",
          "DISTCI_TASK": "test", "DISTCI_ATTEMPT": "1", "DISTCI_BRANCH": "main", "DISTCI_COMMIT": "c0ffee",
          "DISTCI_PULL_REQUEST": "", "DISTCI_BASE_BRANCH": "", "DISTCI_EVENT": "push", "DISTCI_WORKSPACE": workspace,
          "WORKSPACE": workspace, "JOB_NAME": "sample",
          "BUILD_NUMBER": "7", "DISTCI_URL": "http://ci.example/jobs/sample/builds/7",
          "DISTCI_PARAMETER_REF_NAME": "$(touch /tmp/x)", "PWD": workspace,
        ])
    }
  }

  @Test("stops at the first part that fails, and its status is told")
  func exitStatus() async throws {
    try await Bench.with { bench in
      let ended = try await bench.perform(bench.shellTask("echo one\nsh -c 'exit 3'\necho two"))
      #expect(ended.performance == Performance(.failed, message: "exited with status 3", exitStatus: 3))
      #expect(ended.log == "one\n")
      #expect(bench.leftInScratch.isEmpty)
    }
  }

  @Test("may write tasks for its build to do, which are checked as a job file is")
  func generation() async throws {
    try await Bench.with { bench in
      let key = #""generates": "out/tasks.json""#
      func write(_ text: String) -> String { bench.shellTask("mkdir out; printf '%s' '\(text)' > out/tasks.json", key) }
      let good = try await bench.perform(
        write(#"[{"name": "a", "type": "execute-shell", "script": "true"}]"#), isLast: true)
      #expect(good.performance.generated == 1 && good.performance.workspace.count == 1)
      #expect(try await good.storage.generatedTasks(references: []).map(\.name.rawValue) == ["a"])
      let bad = try await bench.perform(write(#"[{"name": "a", "type": "execute-shell"}, {"nam": 1}]"#))
      #expect(bad.verdict == .failed && bad.message.hasPrefix("out/tasks.json:1:2: an execute-shell task needs"))
      #expect(bad.log.contains("(at [1]") && bad.performance.generated == nil)
      let none = try await bench.perform(bench.shellTask("true", key))
      #expect(none.verdict == .failed && none.message.contains("write [] there"))
      for script in ["mkdir out; ln -s /etc/passwd out/tasks.json", "mkdir out; mkfifo out/tasks.json"] {
        let refused = try await bench.perform(bench.shellTask(script, key))
        #expect(refused.verdict == .failed && refused.message.contains("write"))
      }
      let large = try await bench.perform(bench.shellTask("mkdir out; truncate -s 9M out/tasks.json", key))
      #expect(large.message.contains("larger than 8 MiB"))
    }
  }

  @Test("that a signal ends has failed")
  func signal() async throws {
    try await Bench.with { bench in
      let ended = try await bench.perform(bench.shellTask("kill -SEGV $$"))
      #expect(ended.performance == Performance(.failed, message: "killed by signal SIGSEGV"))
    }
  }

  @Test("runs without a shell when it is given as arguments")
  func arguments() async throws {
    try await Bench.with { bench in
      let task = #"{"name": "test", "type": "execute-shell", "command": ["printf", "%s|", "a b", "$HOME"]}"#
      let ended = try await bench.perform(task, isLast: true)
      #expect(ended.log == "a b|$HOME|")
    }
  }

  @Test("that is not there has failed, as another attempt would not find it either")
  func missingProgram() async throws {
    try await Bench.with { bench in
      let task = #"{"name": "test", "type": "execute-shell", "command": ["no-such-program"]}"#
      let ended = try await bench.perform(task)
      #expect(ended.verdict == .failed)
      #expect(ended.message.contains("no-such-program"))
    }
  }

  @Test("is stopped when its time is over, or it is silent for too long")
  func timeouts() async throws {
    try await Bench.with { bench in
      let total = try await bench.perform(bench.shellTask("sleep 60", #""timeout": "1s""#))
      #expect(total.performance == Performance(.timedOut, message: "ran longer than its timeout of 1s"))
      let idle = try await bench.perform(bench.shellTask("echo hello; sleep 60", #""idleTimeout": "1s""#))
      #expect(idle.performance == Performance(.timedOut, message: "wrote nothing for its idle timeout of 1s"))
      #expect(idle.log == "hello\n")
    }
  }

  @Test("is gone with its tree, and its folder as well, when the task is cancelled")
  func cancellation() async throws {
    try await Bench.with { bench in
      let assignment = try bench.assignment(bench.shellTask("sleep 61 & echo $! > $HOME/../../pid; wait"))
      let performing = Task { try await bench.performers[0].perform(assignment) }
      let pidFile = bench.scratch + "/pid"
      try await eventually("the command runs") {
        (try? String(contentsOfFile: pidFile, encoding: .utf8))?.hasSuffix("\n") == true
      }
      let pid = try String(contentsOfFile: pidFile, encoding: .utf8).trimmingCharacters(in: .newlines)
      performing.cancel()
      await #expect(throws: CancellationError.self) { try await performing.value }
      #expect(!FileManager.default.fileExists(atPath: "/proc/\(pid)"))
      #expect(bench.leftInScratch == ["pid"])
    }
  }

  @Test("starts in the directory that the task names, if that is inside the workspace")
  func directory() async throws {
    try await Bench.with { bench in
      let workspace = try await bench.workspace("mkdir -p a/b; ln -s a/b inside; ln -s /usr outside")
      let rows = [("a/b", Verdict.succeeded), ("inside", .succeeded), ("outside", .failed), ("missing", .failed)]
      for (directory, verdict) in rows {
        let task = bench.shellTask("pwd -P; test $(pwd -P) = $WORKSPACE/a/b", #""directory": "\#(directory)""#)
        let ended = try await bench.perform(task, workspace: workspace, isLast: true)
        #expect(ended.verdict == verdict, "\(directory): \(ended.message)")
      }
    }
  }

  @Test("leaves its workspace only when it succeeds and somebody needs it")
  func workspace() async throws {
    try await Bench.with { bench in
      let needed = try await bench.perform(bench.shellTask("true"))
      #expect(needed.performance.workspace.count == 1)
      let failed = try await bench.perform(bench.shellTask("false"))
      #expect(failed.performance.workspace == [])
      let last = try await bench.perform(bench.shellTask("true"), isLast: true)
      #expect(last.performance.workspace == [])
    }
  }

  @Test("of a matrix finds its values in its environment")
  func matrixValues() async throws {
    try await Bench.with { bench in
      let ended = try await bench.perform(
        bench.shellTask("echo $DISTCI_MATRIX_CC_VERSION", #""matrix": { "cc.version": [14] }"#), isLast: true)
      #expect(ended.log == "14\n")
    }
  }

  @Test("says which of the texts that it looks for stood in its output, however that was cut")
  func outputSearch() async throws {
    try await Bench.with { bench in
      let retry = #""retry": { "attempts": 2, "onOutput": ["never there", "aab is here"] }"#
      let found = try await bench.perform(
        bench.shellTask("printf 'xaa' ; sleep 0.05; printf 'ab is'; sleep 0.05; printf ' here\\n'; exit 3", retry))
      #expect(found.performance.matchedOutput == "aab is here")
      let good = try await bench.perform(bench.shellTask("echo aab is here", retry))
      #expect(good.performance.matchedOutput == nil)
      let missed = try await bench.perform(bench.shellTask("echo aab was here; exit 3", retry))
      #expect(missed.verdict == .failed && missed.performance.matchedOutput == nil)
    }
  }
}
