import Workers

/// The post-receive hook of a repository. What was pushed goes from git to the programs as it is, by their standard input: no
/// name of a ref is ever a word of the shell.
struct HookScript {
  let program: String
  let server: String
  /// The paths and addresses by which jobs know the repository.
  let names: [String]

  /// By this line a hook of ours is known.
  static let mark = "# Written by 'distci hook install'; 'distci hook remove' takes it away again."

  var text: String {
    """
    #!/bin/sh
    \(Self.mark)
    # Tells a server what was pushed. The push is over by now: nothing here can undo it, or make it fail.
    distci=\(ShellQuoting.quoted(program))
    earlier=$(dirname "$0")/\(HookPlace.earlierName)
    status=0
    updates=$(mktemp) || exit 0
    trap 'rm -f "$updates"' EXIT
    cat >"$updates"
    if [ -x "$earlier" ]; then "$earlier" "$@" <"$updates" || status=$?; fi
    if [ -x "$distci" ]; then
      "$distci" hook receive --server \(ShellQuoting.quoted(server)) \\
        \(names.map { "--repository=\(ShellQuoting.quoted($0))" }.joined(separator: " ")) <"$updates"
    else
      echo "distci: nothing is built for this push: $distci is not there; see 'distci hook install'" >&2
    fi
    exit "$status"

    """
  }
}
