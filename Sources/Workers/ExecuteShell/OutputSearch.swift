import Synchronization

/// Looks for texts in what a command writes, however it is cut in pieces. Needs memory for the texts, not for the output.
final class OutputSearch: Sendable {
  /// One text, searched with the automaton of Knuth, Morris and Pratt: no byte is looked at twice.
  private struct Needle {
    let text: String
    private let bytes: [UInt8]
    /// For each number of bytes matched, with how many to go on when the next one does not match.
    private let fallback: [Int]
    private var matched = 0

    init(_ text: String) {
      self.text = text
      bytes = Array(text.utf8)
      var fallback = [Int](repeating: 0, count: bytes.count + 1)
      var length = 0
      for index in bytes.indices.dropFirst() {
        while length > 0, bytes[index] != bytes[length] { length = fallback[length] }
        if bytes[index] == bytes[length] { length += 1 }
        fallback[index + 1] = length
      }
      self.fallback = fallback
    }

    /// - Returns: whether the text is complete.
    mutating func feed(_ byte: UInt8) -> Bool {
      while matched > 0, byte != bytes[matched] { matched = fallback[matched] }
      if byte == bytes[matched] { matched += 1 }
      return matched == bytes.count
    }
  }

  private struct State {
    var needles: [Needle]
    var found: String?
  }

  private let state: Mutex<State>

  /// - Parameter texts: none of them empty.
  init(_ texts: [String]) {
    state = Mutex(State(needles: texts.filter { !$0.isEmpty }.map(Needle.init)))
  }

  /// The text that was complete first.
  var found: String? { state.withLock(\.found) }

  func feed(_ output: some Collection<UInt8>) {
    state.withLock { state in
      guard state.found == nil, !state.needles.isEmpty else { return }
      for byte in output {
        for index in state.needles.indices where state.needles[index].feed(byte) {
          state.found = state.needles[index].text
          return
        }
      }
    }
  }
}
