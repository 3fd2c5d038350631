import Model
import SharedRepository

extension PushTrigger {
  /// Whether the push is one that the trigger waits for.
  func matches(_ push: PushEvent, changed paths: Set<String>?) -> Bool {
    push.identities.contains(RepositoryIdentity.of(repository)) && matchesRef(push.ref) && matchesPaths(paths)
  }

  private func matchesRef(_ ref: String) -> Bool {
    if let branch = ref.suffix(after: "refs/heads/") {
      return branches.isEmpty ? tags.isEmpty : branches.matchesAny([branch])
    }
    guard let tag = ref.suffix(after: "refs/tags/") else { return false }
    return tags.matchesAny([tag])
  }

  private func matchesPaths(_ changed: Set<String>?) -> Bool {
    // A build too many is better than one too few, so what is not known matches.
    guard !paths.isEmpty, let changed else { return true }
    return paths.matchesAny(changed)
  }
}

extension [String] {
  /// Whether one of these globs matches one of the texts.
  fileprivate func matchesAny(_ texts: some Sequence<String>) -> Bool {
    let globs = compactMap { try? Glob($0) }
    return texts.contains { text in globs.contains { $0.matches(text) } }
  }
}

extension String {
  fileprivate func suffix(after prefix: String) -> String? {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
  }
}
