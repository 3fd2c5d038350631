/// Scripts that count aloud, so that a gap or a repeat in their log shows.
enum Counting {
  static let mark = "line "

  static func lines(_ last: Int) -> [String] { (1...last).map { "\(mark)\($0)" } }

  /// Shell commands that count to `last`, saying half of it before and half of it after the commands in between.
  static func script(to last: Int, around middle: String = ":") -> String {
    """
    seq 1 \(last / 2) | sed 's/^/\(mark)/'
    \(middle)
    seq \(last / 2 + 1) \(last) | sed 's/^/\(mark)/'
    """
  }
}
