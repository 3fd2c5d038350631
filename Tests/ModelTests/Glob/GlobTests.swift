import Testing

@testable import Model

struct GlobTests {
  /// `*` and `?` stay inside a component, `**` crosses, `**/` may stand for nothing, and the whole text must match.
  @Test(arguments: [
    ("main", "main", true), ("main", "Main", false), ("main", "main2", false), ("main", "xmain", false),
    ("*", "main", true), ("*", "", true), ("*", "a/b", false), ("v*", "v1.2", true), ("v*", "w1", false),
    ("*.egg", ".egg", true), ("dist/*.egg", "dist/a.egg", true), ("dist/*.egg", "dist/x/a.egg", false),
    ("release/**", "release/1/2", true), ("release/**", "release", false), ("release/**", "release/1", true),
    ("**", "a/b/c", true), ("**/x", "x", true), ("**/x", "a/b/x", true), ("**/x", "ax", false),
    ("a/**/b", "a/b", true), ("a/**/b", "a/x/y/b", true), ("a/**/b", "a/xb", false), ("a/**/b", "ab", false),
    ("tests/**/*.t", "tests/a.t", true), ("tests/**/*.t", "tests/x/y/a.t", true), ("tests/**/*.t", "tests/a.c", false),
    ("**/**/x", "a/x", true), ("**.egg", "a/b.egg", true), ("a**b", "a/x/b", true), ("***", "a/b", true),
    ("?", "a", true), ("?", "ä", true), ("?", "/", false), ("a?c", "ac", false),
    ("[a-c]x", "bx", true), ("[a-c]x", "dx", false), ("[!a-c]x", "dx", true), ("[^a]", "a", false),
    ("[!a]", "/", false), ("[]]", "]", true), ("[a-]", "-", true), ("[\\]]", "]", true), ("v[0-9]*", "v1", true),
    ("\\*", "*", true), ("\\*", "a", false), ("a.c", "abc", false), ("(a|b)", "a", false),
  ]) func table(pattern: String, text: String, expected: Bool) throws {
    #expect(try Glob(pattern).matches(text) == expected)
  }

  /// A glob that cannot be meant is refused.
  @Test(arguments: ["", "[a", "[", "[!", "a\\", "[z-a]", "a\nb", "a\u{0}", String(repeating: "a", count: 1025)])
  func refused(pattern: String) {
    #expect(throws: ValidationError.self) { try Glob(pattern) }
  }

  /// Patterns that make a backtracking matcher run for ever cost no more than text × pattern.
  @Test(arguments: ["*a*a*a*a*a*a*a*a*a*a*a*a*a*b", "**a**a**a**a**a**a**a**b", "**/a/**/a/**/a/**/a/**/b"])
  func hostilePatterns(pattern: String) throws {
    let glob = try Glob(pattern)
    let text = String(repeating: "a", count: 2_000)
    let path = String(repeating: "a/", count: 1_000)
    let elapsed = ContinuousClock().measure {
      #expect(!glob.matches(text))
      #expect(!glob.matches(path))
    }
    #expect(elapsed < .seconds(30), "linear takes milliseconds, exponential for ever")
  }

  /// An escaped text matches itself and nothing else.
  @Test(arguments: ["main", "a*b", "[x]", "a\\b?", "**"]) func escaping(text: String) throws {
    let glob = try Glob(Glob.escaping(text))
    #expect(glob.matches(text))
    #expect(!glob.matches(text + "x") && !glob.matches("x"))
  }
}
