import Testing

@testable import Commands

@Suite struct LogLinesTests {
  @Test func `lines are the same however the log arrives`() {
    var lines = LogLines()
    #expect(lines.feed(Array("a\nb".utf8)).map(\.text) == ["a"])
    #expect(lines.feed(Array("c\n\n".utf8)).map(\.text) == ["bc", ""])
    #expect(lines.rest == nil)
    #expect(lines.feed(Array("end".utf8)).isEmpty)
    #expect(lines.rest?.text == "end")
  }

  @Test func `a line without an end is cut`() {
    var lines = LogLines()
    let long = lines.feed([UInt8](repeating: 0x61, count: LogLines.mostBytes + 1))
    #expect(long.map(\.text.utf8.count) == [LogLines.mostBytes])
    #expect(lines.rest?.text == "a")
  }
}
