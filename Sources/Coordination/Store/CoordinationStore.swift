/// A small tree of versioned nodes that many processes share, with one total order of writes: what is in motion. Its root
/// is always there: it can be written, but neither created nor deleted.
///
/// No lock, no queue and no time-to-live stands in here: those are recipes, written once on top.
package protocol CoordinationStore: Sendable {
  /// Opens a session, waiting for the store for a bounded time.
  ///
  /// - Throws: ``CoordinationError`` with `unavailable` or `refused`.
  func openSession() async throws -> any CoordinationSession
}

/// A connection to the store, with an end. Everything is done in a session; when it ends, by ``close()``, by the death of
/// the process however sudden, or by silence longer than its timeout, the store deletes the session nodes that it created
/// in one transaction.
///
/// **Order.** Writes of all sessions have one total order. A session sees its own writes at once, and never sees the
/// store go backwards. It may see the writes of others late; but what it reads after one of its own writes holds
/// everything that was ordered before that write.
///
/// **Lost connections.** Reads and watches wait until the connection is back, and fail only with `sessionEnded`, or with
/// `refused` when the store itself is damaged. A transaction that was under way fails with `outcomeUnknown`.
package protocol CoordinationSession: Sendable {
  var id: SessionID { get }

  /// How long the store waits for a sign of life before it ends the session. Zero where the death of the process itself
  /// ends it, at once.
  var timeout: Duration { get }

  /// The node, or `nil` where there is none.
  func read(_ path: NodePath) async throws -> Node?

  /// The names of the node's children, sorted by their bytes; `nil` where there is no node.
  func children(of path: NodePath) async throws -> [String]?

  /// The same, of a node whose children may stay the same while they are asked for again and again: a session may remember
  /// them. It learns of every change before it learns of anything that was ordered later, such as the answer to a write of its
  /// own, so that what it remembers holds all that ``children(of:)`` has to.
  func settledChildren(of path: NodePath) async throws -> [String]?

  /// The children that ``settledChildren(of:)`` would give without asking the store; `nil` when it would ask.
  func rememberedChildren(of path: NodePath) -> [String]?

  /// Makes all the changes, in their order, or none of them. A later change sees the earlier ones. No changes at all
  /// succeed, in a session that lives.
  ///
  /// - Throws: ``CoordinationError`` with the code that ``Change`` names and the change's index; `tooLarge`, `noSpace`,
  ///   `sessionEnded`, or `outcomeUnknown`. Cancelling the task does not undo what was sent: the call returns when the
  ///   outcome is known.
  func transaction(_ changes: [Change]) async throws

  /// Waits until this session sees every write that was ordered before the call.
  func synchronize() async throws

  /// The node, now and whenever it has changed since: its first element is the present, then come newer presents. Changes
  /// close to each other may come as one; the last state always comes. Elements are `nil` while there is no node. One watch
  /// has one consumer, and ends when it stops. Finishes by throwing `sessionEnded`; without an error when the task is
  /// cancelled.
  ///
  /// A node has changed when its `created` or its `version` has. Its `childCount` is that of the moment: children that come
  /// and go are no change of the node.
  func watch(_ path: NodePath) -> AsyncThrowingStream<Node?, any Error>

  /// The same for the names of a node's children. They have changed when one has come or gone, also where the list is as it was
  /// in the end: who looks at it further must look once more then, since it may have seen what came in between.
  func watchChildren(of path: NodePath) -> AsyncThrowingStream<[String]?, any Error>

  /// Returns when the session has ended, for whatever reason; at once when it has already, or when the task is cancelled.
  func ended() async

  /// Ends the session and deletes its session nodes. Does nothing when it has ended.
  func close() async
}

extension CoordinationSession {
  package func settledChildren(of path: NodePath) async throws -> [String]? { try await children(of: path) }

  package func rememberedChildren(of path: NodePath) -> [String]? { nil }
}
