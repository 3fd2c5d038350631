/// Names of refs and commits, as they are handed to git.
package enum GitRef {
  /// Checks the rules of `git check-ref-format`, and that git cannot take the text for an option.
  ///
  /// - Throws: ``ValidationError`` when no ref or commit can be called so.
  package static func check(_ ref: String) throws(ValidationError) {
    guard !ref.isEmpty else {
      throw ValidationError("the ref is empty", remedy: "name a branch, a tag, a full ref or a commit")
    }
    try ControlCharacters.refuse(in: ref, of: "the ref")
    guard ref.utf8.first != UInt8(ascii: "-") else {
      throw ValidationError("the ref \(ref.quoted) starts with '-'", remedy: "git would take it for an option")
    }
    guard ref.utf8.count <= 512, isWellFormed(ref) else {
      throw ValidationError(
        "\(ref.quoted) is not the name of a ref",
        remedy: "name a branch, a tag, a full ref such as refs/heads/main, or a commit")
    }
  }

  private static func isWellFormed(_ ref: String) -> Bool {
    let bytes = Array(ref.utf8)
    let forbidden = Set(" ~^:?*[\\".utf8)
    guard !bytes.contains(where: forbidden.contains), ref != "@" else { return false }
    let pairs = zip(bytes, bytes.dropFirst())
    guard !pairs.contains(where: { ($0 == 0x2E && $1 == 0x2E) || ($0 == 0x40 && $1 == 0x7B) }) else { return false }
    return bytes.split(separator: 0x2F, omittingEmptySubsequences: false).allSatisfy { component in
      !component.isEmpty && component.first != 0x2E && component.last != 0x2E
        && !component.suffix(5).elementsEqual(".lock".utf8)
    }
  }
}
