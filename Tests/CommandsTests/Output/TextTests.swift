import Foundation
import Model
import Testing

@testable import Commands

@Suite struct TextTests {
  @Test(arguments: [
    (Duration.milliseconds(0), "0 ms"), (.milliseconds(850), "850 ms"), (.seconds(1), "1 s"), (.seconds(59.9), "59 s"),
    (.seconds(60), "1 m 00 s"), (.seconds(185), "3 m 05 s"), (.seconds(7_200), "2 h 00 m"),
    (.seconds(90_000), "1 d 01 h"), (.seconds(-5), "0 ms"),
  ])
  func `durations have two units`(_ duration: Duration, _ text: String) {
    #expect(DurationText.text(duration) == text)
  }

  @Test(arguments: [
    (0, "now"), (-10, "now"), (1, "1 s ago"), (61, "1 m ago"), (7_300, "2 h ago"), (200_000, "2 d ago"),
  ])
  func `what has been is so long ago`(_ seconds: Int64, _ text: String) {
    let now = Timestamp(milliseconds: 1_000_000_000)
    #expect(DurationText.ago(Timestamp(milliseconds: now.milliseconds - seconds * 1_000), now: now) == text)
  }

  @Test(arguments: [
    (0, "0 B"), (999, "999 B"), (1_000, "1.0 kB"), (4_250, "4.2 kB"), (9_999, "9.9 kB"), (10_000, "10 kB"),
    (999_999, "999 kB"), (1_000_000, "1.0 MB"), (131_000_000, "131 MB"), (Int.max, "9223 PB"),
  ])
  func `sizes are in powers of a thousand`(_ bytes: Int, _ text: String) {
    #expect(SizeText.text(bytes) == text)
  }

  @Test func `times are those of the place`() throws {
    let time = try #require(Timestamp(text: "2026-01-31T23:05:00.250Z"))
    #expect(time.local(in: try #require(TimeZone(secondsFromGMT: 7_200))) == "2026-02-01 01:05:00")
  }

  @Test func `hostile text stays on its line and gives no orders`() {
    #expect(TerminalText.line("a\nb\r\tc\u{1B}[2Jd\u{9B}e\u{202E}f") == "a b  c\u{FFFD}[2Jd\u{FFFD}e\u{FFFD}f")
    #expect(TerminalText.lines("a\n\u{1B}b\n") == "a\n\u{FFFD}b\n")
  }

  @Test(arguments: [("abcdef", 6, "abcdef"), ("abcdefg", 6, "abcde…"), ("日本語です", 6, "日本…")])
  func `long text is cut with an ellipsis`(_ text: String, _ width: Int, _ cut: String) {
    #expect(TerminalText.cut(text, to: width) == cut)
    #expect(TerminalText.width(of: cut) <= width)
  }
}
