import Testing

@testable import Commands

@Suite struct TableTests {
  @Test func `columns are aligned by what a terminal shows`() {
    var table = Table("JOB", "STATE", "NOTE")
    table.add("a", "failed", "")
    table.add("日本", "ok", "x\ny")
    #expect(table.text(colours: false) == "JOB   STATE   NOTE\na     failed\n日本  ok      x y\n")
  }

  @Test func `colours do not move columns`() {
    var table = Table("A", "B")
    table.add(.init("bad", .bad), "x")
    #expect(table.text(colours: true) == "\u{1B}[1mA\u{1B}[0m    \u{1B}[1mB\u{1B}[0m\n\u{1B}[31mbad\u{1B}[0m  x\n")
  }

  @Test func `a cell cannot bring its own colours`() {
    var table = Table("A")
    table.add("\u{1B}[31mred")
    #expect(!table.text(colours: true).contains("\u{1B}[31m"))
  }
}
