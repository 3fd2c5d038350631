/// A bug that was planted in the protocol, between the product and its stores. Each stands for a mistake that somebody
/// could make in the product.
package enum Mutant: String, CaseIterable, Sendable {
  // Guards that are missing.

  /// A build's state is written whatever it is by now: one of two build-control workers overwrites the other.
  case buildWriteUnguarded
  /// A trigger takes the number that it read, even if others have taken it since.
  case counterUnguarded
  /// A slot enters the idle list without making sure that it is still free.
  case parkUnchecked
  /// A poster writes into a slot whatever it holds, and leaves its idle entry.
  case handOverUnguarded
  /// Build-control writes "cancelled" into a slot whatever it holds by now.
  case noticeUnguarded
  /// Who changes a group does so whatever it is by now: two builds come in at the same time.
  case groupUnguarded
  /// Build-control holds a build back because of a pause that has ended by now.
  case pauseUnguarded
  /// Build-control holds a deploy back because of a pause that has ended by now.
  case environmentPauseUnguarded
  /// Who changes an environment does so whatever it is by now: two tasks deploy at the same time.
  case environmentUnguarded
  /// Of builds that end together, each overwrites what another has noted.
  case joinUnguarded
  /// Recovery goes by an old list of workers, and does not prove that the worker is gone.
  case recoveryWithoutProof

  // Steps of a transaction that are missing.

  /// A slot that was handed a ticket stays in the idle list.
  case handOverKeepsIdle
  /// A slot that takes a ticket from a queue leaves it there.
  case claimKeepsEntry
  /// A poster or recovery that takes a ticket from a queue to a slot leaves it there.
  case offerKeepsEntry
  /// A claim is not recorded beside its build.
  case claimUnrecorded
  /// A finish does not release the claim.
  case finishKeepsClaim
  /// A finish does not free its slot.
  case finishKeepsSlot
  /// A finish frees its slot, and does not enter the idle list.
  case finishWithoutIdle
  /// What follows from finished work is not posted when nobody is parked.
  case newsNotQueued
  /// What follows from finished work is not handed to the slot that is parked.
  case newsNotHanded
  /// A trigger does not post the ticket that begins its build.
  case triggerWithoutTicket
  /// A trigger does not remember its delivery.
  case deliveryForgotten
  /// A build ends without starting what its job's `then` names.
  case thenForgotten
  /// A build ends without leaving its group.
  case groupNotLeft
  /// A task that has deployed does not give the environment back.
  case environmentNotLeft
  /// A build does not note that it was green, for what waits for it.
  case joinForgotten
  /// A schedule starts a build, and does not note that.
  case scheduleForgotten
  /// A cancellation is not told to the slot that has the work.
  case noticeForgotten
  /// A cancellation leaves the ticket in its queue.
  case withdrawalKeepsEntry
  /// Recovery does not release the claim of the lost attempt.
  case recoveryKeepsClaim
  /// Recovery does not remove the slot of the lost worker.
  case recoveryKeepsSlot
  /// Recovery does not post what follows from the loss.
  case recoveryForgetsTicket

  /// An attempt is to be made again after a time, and no timer is set for that.
  case timerUnset
  /// A timer that fires stays, and fires again.
  case timerStays

  // Lifetimes.

  /// An entry in the idle list outlives its session.
  case idleOutlives
  /// A worker's announcement outlives its session.
  case workerOutlives
  /// The holder of a role outlives its session.
  case roleOutlives
  /// A claim's record goes with the session that made it.
  case claimGoesWithSession

  // Atomicity.

  /// A finish is two transactions: the slot is freed first.
  case finishInTwo
  /// A trigger is two transactions: the build first, then its ticket.
  case triggerInTwo
  /// A delivery is remembered in a transaction after the one that starts its builds.
  case deliveryAfterwards
  /// A transaction that fails in its middle has made what comes before.
  case failsHalfDone
  /// Recovery first removes what the lost worker had, and then posts what follows.
  case recoveryInTwo

  // Unknown outcomes.

  /// An unknown outcome is taken for success.
  case unknownIsSuccess
  /// An unknown outcome is taken for a failure, and everything is done anew.
  case unknownIsFailure
  /// Some triggers are acknowledged and never written.
  case acknowledgedUnwritten
  /// Whether an unknown transaction was made is always answered with no.
  case neverCommitted

  // Stale reads, and watches.

  /// A slot that has parked does not read the queues once more.
  case noLookAfterPark
  /// A poster that has queued a ticket does not read the idle list once more.
  case noLookAfterQueue
  /// Lists of queues are remembered for a time.
  case queuesFromMemory
  /// What was read before one's own write is read again after it.
  case readsBeforeWrite
  /// A watch on a slot tells the present, and nothing afterwards.
  case watchFallsSilent
  /// A watch loses every second change.
  case watchLosesEverySecond
  /// Versions are read one too high.
  case versionOffByOne
  /// The watch on the list of workers tells the present, and nothing afterwards, and nobody sweeps.
  case workersUnwatched

  // The object store.

  /// A build stops running although history has not taken it.
  case historyUnwritten
  /// A record of history is replaced, whoever wrote it.
  case historyUnguarded
}
