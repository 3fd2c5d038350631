/// Makes the output of untrusted commands safe for a terminal, chunk by chunk: text, tabs, line breaks and, where colours
/// are wanted, SGR sequences pass; every other control character and sequence is taken out. A lone carriage return
/// becomes a line break, so that no text is written over another.
package struct LogSanitizer: Sendable {
  private enum State: Sendable {
    case text
    case escape
    /// Between `ESC [` and its end, with what stands there.
    case control([UInt8])
    /// A control sequence that is too long to be one of colours.
    case longControl
    /// A string for the terminal itself, such as a title. It ends with its line at the latest, so that an open one does not
    /// swallow the log.
    case string
    case stringEscape
    /// Bytes of a character that has not ended.
    case character([UInt8], missing: Int)
  }

  private let colours: Bool
  private var state = State.text
  private var afterReturn = false
  private var coloured = false
  private var output: [UInt8] = []

  package init(colours: Bool) {
    self.colours = colours
  }

  package mutating func feed(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    for byte in bytes { take(byte) }
    defer { output = [] }
    return output
  }

  /// What is left at the end: colours do not outlive the log.
  package mutating func finish() -> [UInt8] {
    if case .character = state { emit(Self.replacement) }
    if afterReturn { output.append(Self.newline) }
    if coloured { output += Array("\u{1B}[0m".utf8) }
    defer { self = LogSanitizer(colours: colours) }
    return output
  }

  private mutating func take(_ byte: UInt8) {
    switch state {
    case .text: text(byte)
    case .escape: escape(byte)
    case .control(let parameters): control(byte, parameters)
    case .longControl: if (0x40...0x7E).contains(byte) || byte == Self.newline { endSequence(byte) }
    case .string: string(byte)
    case .stringEscape:
      state = .string
      if byte == UInt8(ascii: "\\") { state = .text } else { string(byte) }
    case .character(let bytes, let missing): character(byte, bytes, missing)
    }
  }

  private mutating func text(_ byte: UInt8) {
    switch byte {
    case Self.escapeByte: state = .escape
    case UInt8(ascii: "\r"):
      if afterReturn { output.append(Self.newline) }
      afterReturn = true
    case Self.newline:
      afterReturn = false
      output.append(byte)
    case UInt8(ascii: "\t"), 0x20...0x7E: emit([byte])
    case 0xC2...0xDF: state = .character([byte], missing: 1)
    case 0xE0...0xEF: state = .character([byte], missing: 2)
    case 0xF0...0xF4: state = .character([byte], missing: 3)
    case 0x80...: emit(Self.replacement)
    default: break
    }
  }

  private mutating func escape(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "["): state = .control([])
    case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "^"), UInt8(ascii: "_"): state = .string
    // More bytes of an escape sequence follow these.
    case 0x20...0x2F: break
    case 0x30...0x7E: state = .text
    default: leaveSequence(byte)
    }
  }

  private mutating func control(_ byte: UInt8, _ parameters: [UInt8]) {
    switch byte {
    case UInt8(ascii: "m"):
      state = .text
      let isColours = parameters.allSatisfy { (0x30...0x3B).contains($0) }
      guard colours, isColours else { return }
      emit([Self.escapeByte, UInt8(ascii: "[")] + parameters + [byte])
      coloured = true
    case 0x20...0x3F: state = parameters.count < 64 ? .control(parameters + [byte]) : .longControl
    case 0x40...0x7E: state = .text
    default: leaveSequence(byte)
    }
  }

  private mutating func string(_ byte: UInt8) {
    switch byte {
    case 0x07: state = .text
    case Self.escapeByte: state = .stringEscape
    case Self.newline: endSequence(byte)
    default: break
    }
  }

  private mutating func character(_ byte: UInt8, _ bytes: [UInt8], _ missing: Int) {
    guard (0x80...0xBF).contains(byte) else {
      emit(Self.replacement)
      return leaveSequence(byte)
    }
    let bytes = bytes + [byte]
    guard missing == 1 else {
      state = .character(bytes, missing: missing - 1)
      return
    }
    state = .text
    let scalars = String(decoding: bytes, as: UTF8.self).unicodeScalars
    emit(scalars.contains(where: TerminalText.isHarmful) ? Self.replacement : Array(String(scalars).utf8))
  }

  /// The byte belongs to no sequence.
  private mutating func leaveSequence(_ byte: UInt8) {
    state = .text
    text(byte)
  }

  private mutating func endSequence(_ byte: UInt8) {
    state = .text
    if byte == Self.newline { text(byte) }
  }

  private mutating func emit(_ bytes: [UInt8]) {
    if afterReturn { output.append(Self.newline) }
    afterReturn = false
    output += bytes
  }

  private static let escapeByte: UInt8 = 0x1B
  private static let newline = UInt8(ascii: "\n")
  private static let replacement = Array("\u{FFFD}".utf8)
}
