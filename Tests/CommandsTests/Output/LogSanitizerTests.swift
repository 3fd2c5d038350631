import Testing

@testable import Commands

/// What a terminal gets to see of a hostile log.
@Suite struct LogSanitizerTests {
  /// Each input and what may pass of it.
  static let cases: [(String, String)] = [
    ("plain\ttext\n", "plain\ttext\n"),
    ("\u{1B}[31;1mred\u{1B}[m\n", "\u{1B}[31;1mred\u{1B}[m\n\u{1B}[0m"),
    ("\u{1B}[38:2:1:2:3mx", "\u{1B}[38:2:1:2:3mx\u{1B}[0m"),
    ("clear\u{1B}[2J\u{1B}[Hall", "clearall"),
    ("\u{1B}[?25lhidden cursor", "hidden cursor"),
    ("\u{1B}[>4;2mkeys", "keys"),
    ("\u{1B}]0;title\u{07}after", "after"),
    ("\u{1B}]52;c;ZXZpbA==\u{1B}\\after", "after"),
    ("\u{1B}Pq#0\u{1B}\\after", "after"),
    ("\u{1B}]0;open\nnext line", "\nnext line"),
    ("\u{1B}c\u{1B}(0reset", "reset"),
    ("safe\rfake\n", "safe\nfake\n"),
    ("windows\r\nline\r\n", "windows\nline\n"),
    ("\u{07}\u{08}bell\u{7F}", "bell"),
    ("\u{9B}2Jc1", "\u{FFFD}2Jc1"),
    ("\u{202E}gnp.exe", "\u{FFFD}gnp.exe"),
    ("åäö €  🦆\n", "åäö €  🦆\n"),
  ]

  @Test(arguments: cases)
  func `what is not text or colour is taken out`(_ example: (String, String)) {
    var sanitizer = LogSanitizer(colours: true)
    let output = sanitizer.feed(example.0.utf8) + sanitizer.finish()
    #expect(String(decoding: output, as: UTF8.self) == example.1)
  }

  @Test(arguments: cases)
  func `the result does not depend on where the stream is cut`(_ example: (String, String)) {
    var sanitizer = LogSanitizer(colours: true)
    var output: [UInt8] = []
    for byte in example.0.utf8 { output += sanitizer.feed([byte]) }
    output += sanitizer.finish()
    #expect(String(decoding: output, as: UTF8.self) == example.1)
  }

  @Test func `without colours no escape character passes`() {
    var sanitizer = LogSanitizer(colours: false)
    let output = sanitizer.feed("\u{1B}[31mred\u{1B}[0m".utf8) + sanitizer.finish()
    #expect(output == Array("red".utf8))
  }

  @Test func `bytes that are not UTF-8 become replacement characters`() {
    var sanitizer = LogSanitizer(colours: true)
    let output =
      sanitizer.feed([0x61, 0x80, 0x9B, 0xFF, 0xE2, 0x82, 0x62, 0xED, 0xA0, 0x80, 0xC3])
      + sanitizer.finish()
    let text = String(decoding: output, as: UTF8.self)
    #expect(text.unicodeScalars.allSatisfy { $0 == "a" || $0 == "b" || $0 == "\u{FFFD}" })
    #expect(text.contains("b"))
  }

  @Test func `a sequence without an end costs no memory and ends with its line`() {
    var sanitizer = LogSanitizer(colours: true)
    let output = sanitizer.feed("\u{1B}[".utf8) + sanitizer.feed([UInt8](repeating: 0x31, count: 100_000))
    #expect(output.isEmpty)
    #expect(sanitizer.feed("\nafter".utf8) == Array("\nafter".utf8))
  }
}
