import Coordination
import Execution
import ObjectStorage

/// What this process has asked of its stores and of the kernel so far: figures that do not depend on how busy the machine
/// is, and that say nothing about jobs.
struct ProcessCounters: Sendable {
  let coordination: CountingCoordinationStore
  let objects: CountingObjectStore

  init(_ stores: Stores) {
    coordination = CountingCoordinationStore(stores.coordination)
    objects = CountingObjectStore(stores.objects)
  }

  var counts: Counts {
    Counts(coordination: coordination.counts, objects: objects.counts, commands: CommandRunner.commandsBegun)
  }
}
