import Testing

/// What harms the servers of the stores. On a cluster of its own, one after the other.
@Suite(
  "The servers of the stores are harmed", .serialized, .enabled(if: Harm.isAllowed, "deploy/trials has servers for it"),
  .timeLimit(.minutes(40)))
struct ServerTrials {}
