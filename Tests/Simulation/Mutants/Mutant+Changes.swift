import Coordination

extension Mutant {
  /// A change, and where it stood in the product's transaction: what is said of it is said to the product under that index.
  typealias Numbered = (index: Int, change: Change)

  /// What becomes of a transaction: the transactions that are made in its place, one after the other.
  func transactions(_ changes: [Change], by session: SessionID) -> [[Numbered]] {
    let kind = TransactionKind(changes: changes, session: session)
    let numbered = changes.enumerated().map { Numbered($0.offset, $0.element) }
    switch self {
    case .finishInTwo where kind.isFinish: return split(numbered) { $0.path.isSlot(of: session) }
    case .triggerInTwo where kind.isTrigger:
      return split(numbered) { !$0.path.isQueue && !$0.path.isSlot && !$0.path.isIdle }
    case .deliveryAfterwards where kind.isTrigger: return split(numbered) { !$0.path.isDelivery }
    case .recoveryInTwo where kind.isRecovery: return split(numbered) { $0.path.isWorker || $0.isDelete }
    default:
      return [numbered.compactMap { index, change in mutated(change, kind).map { Numbered(index, $0) } }]
    }
  }

  private func split(_ changes: [Numbered], _ isFirst: (Change) -> Bool) -> [[Numbered]] {
    [changes.filter { isFirst($0.change) }, changes.filter { !isFirst($0.change) }].filter { !$0.isEmpty }
  }

  private func mutated(_ change: Change, _ kind: TransactionKind) -> Change? {
    switch self {
    case .buildWriteUnguarded, .counterUnguarded, .handOverUnguarded, .noticeUnguarded, .recoveryWithoutProof,
      .groupUnguarded, .environmentUnguarded, .joinUnguarded:
      withoutGuard(change, kind)
    case .idleOutlives where change.path.isIdle, .workerOutlives where change.path.isWorker,
      .roleOutlives where change.path.isRole:
      change.lasting(.persistent)
    case .claimGoesWithSession where change.path.isClaim: change.lasting(.session)
    default: isForgotten(change, kind) ? nil : change
    }
  }

  private func withoutGuard(_ change: Change, _ kind: TransactionKind) -> Change? {
    let path = change.path
    switch self {
    case .buildWriteUnguarded where path.isBuild, .counterUnguarded where path.isCounter: return change.unguarded
    case .handOverUnguarded where path.isSlot && !kind.isRecovery && !path.isSlot(of: kind.session):
      return change.unguarded
    case .handOverUnguarded where path.isIdle && change.isDelete && !kind.isClaimByOwner: return nil
    case .noticeUnguarded where kind.isNotice(change): return change.unguarded
    case .groupUnguarded where path.isGroup, .environmentUnguarded where path.isEnvironment,
      .joinUnguarded where path.isJoin:
      return change.unguarded
    case .recoveryWithoutProof where kind.isRecovery && path.isWorker: return nil
    default: return change
    }
  }

  /// Whether the product forgets this step.
  private func isForgotten(_ change: Change, _ kind: TransactionKind) -> Bool {
    let path = change.path
    let isQueueEntry = path.isQueue && kind.changes.count > 1
    let isElsewhere = path.isSlot && !path.isSlot(of: kind.session)
    let hands = change.isWrite && change.data?.isEmpty == false && !kind.isNotice(change)
    switch self {
    case .parkUnchecked: return kind.isPark && !change.isCreate
    case .handOverKeepsIdle: return !kind.isClaimByOwner && change.isDelete && path.isIdle && kind.changes.count > 1
    case .claimKeepsEntry: return kind.isClaimByOwner && isQueueEntry && change.isDelete
    case .offerKeepsEntry:
      return !kind.isClaimByOwner && !kind.isFinish && isQueueEntry && change.isDelete
        && kind.changes.contains { $0.isWrite && $0.path.isSlot }
    case .claimUnrecorded: return change.isCreate && path.isClaim
    case .finishKeepsClaim: return kind.isFinish && change.isDelete && path.isClaim
    case .finishKeepsSlot: return kind.isFinish && path.isSlot(of: kind.session) && change.data?.isEmpty == true
    case .finishWithoutIdle: return kind.isFinish && change.isCreate && path.isIdle
    case .newsNotQueued: return kind.isFinish && change.isCreate && isQueueEntry
    case .newsNotHanded: return kind.isFinish && isElsewhere && hands
    case .triggerWithoutTicket: return kind.isTrigger && (path.isQueue || path.isSlot || path.isIdle)
    case .deliveryForgotten: return path.isDelivery
    case .thenForgotten: return kind.removesBuild && change.isCreate && path.isBuild
    case .pauseUnguarded: return !change.isWrite && !change.isCreate && !change.isDelete && path.isJobPause
    case .environmentPauseUnguarded:
      return !change.isWrite && !change.isCreate && !change.isDelete && path.isEnvironmentPause
    case .environmentNotLeft: return change.freesEnvironment
    case .joinForgotten: return path.isJoin
    case .scheduleForgotten: return path.isSchedule && kind.isTrigger
    case .groupNotLeft: return kind.removesBuild && path.isGroup
    case .noticeForgotten: return kind.isNotice(change)
    case .withdrawalKeepsEntry: return change.isDelete && path.isQueue && kind.withdraws(path)
    case .recoveryKeepsClaim: return kind.isRecovery && change.isDelete && path.isClaim
    case .recoveryKeepsSlot: return kind.isRecovery && change.isDelete && path.isSlot
    case .timerUnset: return change.isCreate && path.isTimer
    case .timerStays: return change.isDelete && path.isTimer && kind.changes.count > 1
    case .recoveryForgetsTicket:
      return kind.isRecovery && (path.isQueue || path.isIdle || change.isWrite && path.isSlot)
    default: return false
    }
  }
}
