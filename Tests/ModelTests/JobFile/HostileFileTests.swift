import Testing

@testable import Model

/// Job files that nobody wrote to have a job.
@Suite(.timeLimit(.minutes(1)))
struct HostileFileTests {
  private static let marks = String(repeating: "\u{301}\u{316}", count: 200_000)

  private static func bytes(_ text: String, _ count: Int) -> [UInt8] {
    Array(String(repeating: text, count: count).utf8)
  }

  /// With the line and column up to which it was read, and a piece of the message.
  static let rows: [(text: [UInt8], position: String, message: String)] = [
    (bytes("[", 100_000), "1:65", "64 deep"), (bytes(#"{"a":"#, 100_000), "1:321", "64 deep"),
    // However large: nothing of it is looked at.
    (bytes(" ", 100 << 20), "1:1", "more than the"),
    (Array(#"{"job": "a", "job": "b"}"#.utf8), "1:14", "stands twice"),
    (Array(#"{"tasks": [{"a": {"b": 1, "\u0062": 2}}]}"#.utf8), "1:27", "stands twice"),
    (Array(#"{"priority": NaN}"#.utf8), "1:14", "no NaN"), (Array(#"{"priority": -Infinity}"#.utf8), "1:14", "no NaN"),
    (Array(#"{"job": "\ud800"}"#.utf8), "1:10", "surrogate"),
    (Array(#"{"job": "\udc00\ud800"}"#.utf8), "1:10", "surrogate"),
    (Array("{\"job\": \"".utf8) + [0xED, 0xA0, 0x80] + Array("\"}".utf8), "1:10", "not UTF-8"),
    // Each of a great many values takes more memory than it has bytes.
    (Array("[".utf8) + bytes("0,", 400_000) + Array("0]".utf8), "1:100000", "more than 50000 values"),
    // Strings that look the same are the same: to find that out takes the square of the number of marks.
    (Array("{\"a\(marks)\": 1}".utf8), "1:34", "combining marks"),
    (Array(("{\"a" + String(repeating: #"\u0301"#, count: 100_000) + "\": 1}").utf8), "1:184", "combining marks"),
  ]

  @Test(arguments: rows.indices) func refused(row: Int) {
    let (text, position, message) = Self.rows[row]
    let error = #expect(throws: InvalidJobFile.self) { try JobFile.parse(text, file: "f") }
    #expect(error?.diagnostics.map(\.code) == [.syntax])
    #expect(error?.diagnostics.first?.position.description == position, "\(error?.diagnostics.first?.message ?? "")")
    #expect(error?.diagnostics.first?.message.contains(message) == true, "\(error?.diagnostics.first?.message ?? "")")
    #expect(error?.diagnostics.first?.remedy.isEmpty == false)
    // A list that a task wrote may be larger, and is no less strict.
    #expect(throws: InvalidJobFile.self) { try TaskList.parse(text, file: "f", references: []) }
  }

  /// Marks that people write are none of that.
  @Test func accentsAreWelcome() throws {
    let text = "Z" + String(repeating: "\u{301}", count: JSONReader.mostMarks) + "algo \u{65}\u{301}"
    let node = try JSONReader.read(Array("[\"\(text)\", \"\(text)\"]".utf8))
    guard case .array(let elements) = node.content else { return }
    #expect(elements.map(\.content) == [.string(text), .string(text)])
  }
}
