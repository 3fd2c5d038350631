import Foundation
import Measurement
import Model
import SharedRepository
import Testing

@testable import Workers

@Suite("Test reports")
struct TestReportTests {
  private func cases(_ text: String, atMost most: Int = 100) throws(ReportError) -> [ReportedCase] {
    try JUnitReader.cases(in: Array(text.utf8), atMost: most)
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
      ("", "complete XML"), ("<testsuite><testcase name='a'/>", "complete XML"), ("\0\0\0", "complete XML"),
      ("<testsuite/> and more", "complete XML"), ("<testsuite></testcase>", "complete XML"),
      ("<testsuite", "complete XML"), ("<testsuite a=\'", "complete XML"), ("<testsuite><!--", "complete XML"),
      ("<html><testcase name='a'/></html>", "no JUnit report, as it begins with <html>"),
      (String(repeating: "<testsuite>", count: 100_000), "deeper than 64"),
      ("<!DOCTYPE x [<!ENTITY a 'b'>]><testsuite><testcase name='&a;'/></testsuite>", "declares entities"),
      (
        "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><testsuite><testcase name='x'><failure>&a;</failure>"
          + "</testcase></testsuite>", "declares entities"
      ),
      (
        "<!DOCTYPE x [<!ENTITY a '"
          + String(repeating: "x", count: 1_000) + "'><!ENTITY b '" + String(repeating: "&a;", count: 1_000)
          + "'><!ENTITY c '" + String(repeating: "&b;", count: 1_000)
          + "'>]><testsuite><testcase name='&c;'/></testsuite>", "declares entities"
      ),
    ])
  func refusal(text: String, reason: String) throws {
    let error = #expect(throws: ReportError.self) { try self.cases(text) }
    #expect(error?.message.contains(reason) ?? false, "\(String(describing: error))")
  }

  @Test func thatAreNotUTF8AreRefused() {
    let error = #expect(throws: ReportError.self) {
      try JUnitReader.cases(in: Array("<testsuite name='".utf8) + [0xE9, 0x27, 0x2F, 0x3E], atMost: 1)
    }
    #expect(error?.message == "it is not UTF-8")
  }

  @Test("bring nothing of other files along")
  func externalDeclarations() async throws {
    try await Bench.with { bench in
      let declarations = try bench.file("x.dtd", "<!ENTITY secret 'hidden'>")
      let text = """
        <!DOCTYPE testsuite SYSTEM '\(declarations)'>
        <testsuite><testcase name='a'><failure>&secret;</failure></testcase></testsuite>
        """
      let found = try self.cases(text)
      #expect(found.map(\.result.message) == ["&secret;"])
    }
  }

  @Test("may be broken in any way")
  func fuzz() throws {
    let sample = Array(
      """
      <?xml version="1.0" encoding="utf-8"?><!DOCTYPE testsuites><testsuites><testsuite name="a" file="b" time="1e3">
      <testcase classname="c" name="d&amp;&#x20AC;" time="1"><failure message="e"><![CDATA[f]]></failure></testcase>
      <testcase name="g"><skipped/></testcase><!-- h --><?i j?></testsuite></testsuites>
      """.utf8)
    var random = SeededGenerator(seed: 17)
    var read = 0
    for _ in 0..<3_000 {
      var text = sample
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0..<text.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: text[place] = UInt8.random(in: 1...255, using: &random)
        case 1: text.removeSubrange(place..<min(text.count, place + Int.random(in: 1...30, using: &random)))
        case 2: text.insert(contentsOf: text[place...].prefix(40), at: Int.random(in: 0...place, using: &random))
        default: text.removeSubrange(place...)
        }
        if text.isEmpty { break }
      }
      do throws(ReportError) {
        let cases = try JUnitReader.cases(in: text, atMost: 100)
        read += 1
        #expect(cases.count <= 6 && cases.allSatisfy { $0.result.name.utf8.count <= TestLimits.nameBytes + 3 })
      } catch {
        #expect(!error.message.isEmpty)
      }
    }
    #expect(read > 100)
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
