import Execution
package import Model

/// Who may check out a repository may also look at its branches: with the same permissions, passwords and precautions.
extension GitCheckoutPerformer: BranchSource {
  /// Seconds that a server has to list its branches.
  private static let listingTimeout = 60
  private static let mostBranches = 2_000
  /// Bytes of a list of branches: some tens of thousands.
  private static let listingSize = 4 << 20

  package func branches(for trigger: PollTrigger) async throws -> [String: String] {
    do {
      let address = try configuration.address(trigger.address, ref: GitCheckout.defaultRef)
      let listing = try await scratch.withFolder { folder in
        let git = Git(
          configuration, runner, folder, address, timeout: Self.listingTimeout, outputSize: Self.listingSize)
        return try await git.run(["ls-remote", "--heads", "--", address.text] + trigger.refPatterns)
      }
      guard listing.utf8.count < Self.listingSize else {
        throw BranchesUnseen("\(address) has more branches than can be listed; name some in the trigger's \"branches\"")
      }
      let branches = Self.branches(in: listing)
      guard branches.count <= Self.mostBranches else {
        throw BranchesUnseen("\(address) has \(branches.count) branches; name some in the trigger's \"branches\"")
      }
      return branches
    } catch let error as TaskFailure {
      throw BranchesUnseen(error.message)
    } catch let error as GitError {
      throw BranchesUnseen(error.words.isEmpty ? error.description : error.words)
    } catch is GitTimeout {
      throw BranchesUnseen("the server did not list its branches within \(Self.listingTimeout) seconds")
    }
  }

  private static func branches(in listing: String) -> [String: String] {
    var branches: [String: String] = [:]
    for line in listing.split(whereSeparator: \.isNewline) {
      let fields = line.split(separator: "\t", maxSplits: 1).map(String.init)
      // A name that could be no ref of ours is hostile, and nobody's branch.
      guard fields.count == 2, CommitChoice.isCommit(fields[0]), fields[1].hasPrefix("refs/heads/"),
        (try? GitRef.check(fields[1])) != nil
      else { continue }
      branches[String(fields[1].dropFirst("refs/heads/".count))] = fields[0]
    }
    return branches
  }
}

extension PollTrigger {
  /// What to ask the server for: nothing else than these branches where they are named in full, else all.
  fileprivate var refPatterns: [String] {
    let arePlain = branches.allSatisfy { branch in
      branch.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x2F, 0x5F: true
        default: false
        }
      }
    }
    return arePlain ? branches.map { "refs/heads/\($0)" } : []
  }
}
