import Testing

@testable import Model

struct JSONReaderTests {
  /// Every value knows the line and column at which it starts; columns count scalars, not bytes.
  @Test(arguments: [
    ("[1, 2]", "1:5"),
    ("[1,\n  2]", "2:3"),
    ("[1,\r\n\t2]", "2:2"),
    ("[\"äö\", 2]", "1:8"),
    ("[\"a\u{1F600}\u{1F600}\", 2]", "1:9"),
    ("[\"ä\",\n\"ö\", 2]", "2:6"),
  ]) func positions(text: String, expected: String) throws {
    let root = try JSONReader.read(Array(text.utf8))
    guard case .array(let elements) = root.content, let last = elements.last else {
      Issue.record("not an array")
      return
    }
    #expect(last.position.description == expected)
    #expect(root.position == .start)
  }

  @Test func keysHaveTheirOwnPosition() throws {
    let root = try JSONReader.read(Array("{\n  \"a\": 1,\n  \"b\" :  2\n}".utf8))
    guard case .object(let members) = root.content else {
      Issue.record("not an object")
      return
    }
    #expect(members.map(\.key) == ["a", "b"])
    #expect(members.map(\.keyPosition.description) == ["2:3", "3:3"])
    #expect(members.map(\.value.position.description) == ["2:8", "3:10"])
  }

  /// Escapes give the characters that they name.
  @Test(arguments: [
    (#""\u00e4\n\t\"\\\/""#, "ä\n\t\"\\/"),
    (#""\ud83d\ude00""#, "\u{1F600}"),
    (#""\u2028\u007f""#, "\u{2028}\u{7F}"),
    ("\"\u{7F}é\"", "\u{7F}é"),
  ]) func strings(text: String, expected: String) throws {
    #expect(try JSONReader.read(Array(text.utf8)).content == .string(expected))
  }

  /// What is not JSON is refused where it stands, with a message that says what it is.
  @Test(arguments: [
    ("", "1:1", "empty"),
    (" \n", "2:1", "empty"),
    ("[1] x", "1:5", "follows the end"),
    ("{}{}", "1:3", "follows the end"),
    ("[1,]", "1:3", "comma stands before ']'"),
    ("{\"a\":1,}", "1:7", "comma stands before '}'"),
    ("[1 2]", "1:4", "'2' stands where ','"),
    ("{\"a\" 1}", "1:6", "':'"),
    ("{a: 1}", "1:2", "where a key should"),
    ("['a']", "1:2", "single quotes"),
    ("// no\n1", "1:1", "comment"),
    ("[NaN]", "1:2", "NaN"),
    ("[-Infinity]", "1:2", "NaN and no Infinity"),
    ("[Infinity]", "1:2", "NaN and no Infinity"),
    ("[nul]", "1:2", "nul is not a JSON value"),
    ("[01]", "1:2", "not a JSON number"),
    ("[1.]", "1:2", "not a JSON number"),
    ("[.5]", "1:2", "'.' stands where"),
    ("[+1]", "1:2", "'+' stands where"),
    ("[0x10]", "1:2", "not a JSON number"),
    ("[1e]", "1:2", "not a JSON number"),
    ("[\"a]", "1:2", "never closed"),
    ("[\"a\nb\"]", "1:2", "never closed"),
    ("[\"a\tb\"]", "1:4", "control character"),
    (#"["\x"]"#, "1:3", "no escape"),
    (#"["\u12g4"]"#, "1:3", "four hexadecimal"),
    (#"["\ud83d"]"#, "1:3", "half of a surrogate pair"),
    (#"["\ud83d\u0041"]"#, "1:3", "half of a surrogate pair"),
    (#"["ä\ude00"]"#, "1:4", "half of a surrogate pair"),
    (#"["\u0000"]"#, "1:3", "NUL"),
    ("{\"a\": 1,\n \"b\": {\"c\": 1, \"c\": 2}}", "2:16", "\"c\" stands twice, first on line 2"),
    ("{\"a\": 1,\n \"\\u0061\": 2}", "2:2", "\"a\" stands twice, first on line 1"),
    ("[", "1:2", "ends where a value"),
    ("[1", "1:3", "the end of the text"),
    ("\u{FEFF}[]", "1:1", "byte order mark"),
  ]) func syntaxErrors(text: String, position: String, message: String) {
    let error = #expect(throws: JSONSyntaxError.self) { try JSONReader.read(Array(text.utf8)) }
    #expect(error?.position.description == position)
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "no error")")
  }

  /// Bytes that are not UTF-8: a stray continuation, an overlong form, a surrogate, above U+10FFFF, a sequence cut off.
  @Test(
    arguments: [[0x80], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0xFF]] as [[UInt8]])
  func invalidUTF8(bytes: [UInt8]) {
    let text = Array("[\"ä".utf8) + bytes + Array("\"]".utf8)
    let error = #expect(throws: JSONSyntaxError.self) { try JSONReader.read(text) }
    #expect(error?.position.description == "1:4")
    #expect(error?.message.contains("not UTF-8") == true)
  }

  /// Depth is bounded: 64 levels are read, 65 are refused, and 100,000 do not overflow the stack.
  @Test func depth() throws {
    func nested(_ depth: Int) -> [UInt8] {
      Array(repeating: UInt8(ascii: "["), count: depth) + Array(repeating: UInt8(ascii: "]"), count: depth)
    }
    _ = try JSONReader.read(nested(64))
    for depth in [65, 100_000] {
      let error = #expect(throws: JSONSyntaxError.self) { try JSONReader.read(nested(depth)) }
      #expect(error?.position.description == "1:65")
      #expect(error?.message.contains("64 deep") == true)
    }
  }

  @Test func size() throws {
    let text = Array(("\"" + String(repeating: "a", count: (1 << 20) - 2) + "\"").utf8)
    _ = try JSONReader.read(text)
    let error = #expect(throws: JSONSyntaxError.self) { try JSONReader.read(text + [0x20]) }
    #expect(error?.message.contains("1048576") == true)
  }

  /// What the writer writes, the reader reads.
  @Test(arguments: ["", "plain", "\"\\/\n\r\t\u{1}\u{7F}\u{2028}ä\u{1F600}"]) func writtenTextIsRead(text: String)
    throws
  {
    let value = JSONValue.object([.init(text, .array([.string(text), .integer(-5), .null, .boolean(true)]))])
    for written in [value.text, value.prettyText] {
      let root = try JSONReader.read(Array(written.utf8))
      guard case .array(let elements)? = root[text]?.content else {
        Issue.record("the key is lost in \(written)")
        continue
      }
      #expect(elements.map(\.content) == [.string(text), .number("-5"), .null, .boolean(true)])
    }
  }
}
