import Foundation
import Model
import SharedRepository
import Testing

@testable import Workers

@Suite("Test reports")
struct TestReportTests {
  private func cases(_ text: String, atMost most: Int = 100) throws(ReportError) -> [ReportedCase] {
    try JUnitReader.cases(in: Data(text.utf8), atMost: most)
  }

  @Test("are read as common programs write them")
  func reading() throws {
    let cases = try cases(
      """
      <?xml version="1.0" encoding="utf-8"?>
      <testsuites><properties/><testsuite name="pytest" file="tests/test_a.py" tests="4">
        <testcase classname="tests.test_a.TestA" name="test_one" time="0.0125"/>
        <testcase classname="tests.test_a.TestA" name="test_&lt;two&gt;&#10;" time="1,250.5">
          <failure message="assert 1 == 2">the <![CDATA[<whole> & long]]> story</failure>
          <system-out>noise</system-out>
        </testcase>
        <testcase name="test_three" file="tests/other.py" time="nonsense"><skipped/></testcase>
        <testcase classname="" name="test_four"><error/></testcase>
      </testsuite></testsuites>
      """)
    #expect(
      cases.map(\.result) == [
        TestResult(name: "tests.test_a.TestA.test_one", outcome: .passed, milliseconds: 13),
        TestResult(
          name: "tests.test_a.TestA.test_<two> ", outcome: .failed, milliseconds: 1_250_500,
          message: "assert 1 == 2 the <whole> & long story"),
        TestResult(name: "pytest.test_three", outcome: .skipped, milliseconds: 0),
        TestResult(name: "pytest.test_four", outcome: .failed, milliseconds: 0),
      ])
    #expect(cases[0].hints == ["tests/test_a.py", "tests.test_a.TestA", "pytest"])
    #expect(cases[2].hints.first == "tests/other.py")
  }

  /// What a program under test may write instead; each is refused soon, and says why.
  @Test(
    "are refused when they are none, or hostile",
    arguments: [
      ("", "complete XML"), ("<testsuite><testcase name='a'/>", "complete XML"), ("\0<\0?", "zeros"),
      ("<html><testcase name='a'/></html>", "no JUnit report, as it begins with <html>"),
      (String(repeating: "<testsuite>", count: 100_000), "deeper than 64"),
      ("<!DOCTYPE x [<!ENTITY a 'b'>]><testsuite><testcase name='&a;'/></testsuite>", "declares an entity"),
      (
        "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><testsuite><testcase name='x'><failure>&a;</failure>"
          + "</testcase></testsuite>", "entity"
      ),
      (
        "<!DOCTYPE x [<!ENTITY a '"
          + String(repeating: "x", count: 1_000) + "'><!ENTITY b '" + String(repeating: "&a;", count: 1_000)
          + "'><!ENTITY c '" + String(repeating: "&b;", count: 1_000)
          + "'>]><testsuite><testcase name='&c;'/></testsuite>", "declares an entity"
      ),
    ])
  func refusal(text: String, reason: String) throws {
    let error = #expect(throws: ReportError.self) { try self.cases(text) }
    #expect(error?.message.contains(reason) ?? false, "\(String(describing: error))")
  }

  @Test("bring nothing of other files along")
  func externalDeclarations() async throws {
    try await Bench.with { bench in
      let declarations = try bench.file("x.dtd", "<!ENTITY secret 'hidden'>")
      let text = """
        <!DOCTYPE testsuite SYSTEM '\(declarations)'>
        <testsuite><testcase name='a'><failure>&secret;</failure></testcase></testsuite>
        """
      let found = (try? self.cases(text)) ?? []
      #expect(found.allSatisfy { $0.result.message == nil }, "\(found)")
    }
  }

  @Test("keep no more than they may")
  func bounds() throws {
    let long = String(repeating: "n", count: 10_000)
    let text =
      "<testsuite>" + String(repeating: "<testcase name='\(long)'><failure>\(long)</failure></testcase>", count: 50)
      + "</testsuite>"
    let cases = try cases(text, atMost: 20)
    #expect(cases.count == 20)
    #expect(cases.allSatisfy { $0.result.name.utf8.count <= TestLimits.nameBytes + 3 })
    #expect(cases.allSatisfy { $0.result.message?.utf8.count ?? 0 <= TestLimits.messageBytes + 3 })
  }

  @Test("of a command are stored also when it fails; a bad one is a line of the log, and one of before is left out")
  func collecting() async throws {
    try await Bench.with { bench in
      let workspace = try await bench.workspace(
        "mkdir out; echo '<testsuite><testcase name=\"old\"/></testsuite>' >out/old.xml")
      let ended = try await bench.perform(
        bench.shellTask(
          """
          echo '<testsuite><testcase classname="c" name="new"><failure/></testcase></testsuite>' >out/new.xml
          echo '<testsuite>' >out/bad.xml; ln -s /etc/passwd out/link.xml; mkfifo out/pipe.xml; exit 1
          """, #""reports": ["out/*.xml"]"#), workspace: workspace)
      #expect(ended.verdict == .failed && ended.performance.tests == 1)
      let kept = try await ended.storage.tests()
      #expect(kept == AttemptTests(results: [TestResult(name: "c.new", outcome: .failed, milliseconds: 0)], times: [:]))
      #expect(ended.log.contains("test reports: out/bad.xml is not read: it is not complete XML"), "\(ended.log)")
      #expect(ended.log.contains("test reports: out/link.xml: a symbolic link"))
      #expect(ended.log.contains("test reports: tests 1, failed 1, files 1"))
    }
  }

  @Test("that nobody writes are a line of the log, and nothing else")
  func missing() async throws {
    try await Bench.with { bench in
      let ended = try await bench.perform(bench.shellTask("true", #""reports": ["out/*.xml"]"#), isLast: true)
      #expect(ended.performance == Performance(.succeeded, exitStatus: 0))
      #expect(ended.log == "test reports: no file was written that matches out/*.xml\n")
    }
  }
}
