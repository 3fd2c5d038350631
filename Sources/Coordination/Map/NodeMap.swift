package import Model

/// The map of the coordination tree: every node that there is, who writes it, and how long it lives. Nothing builds a path
/// elsewhere.
///
/// | path | data | written by | lives |
/// |---|---|---|---|
/// | `/format` | ``NodeMap/formatVersion`` | the first process | for ever |
/// | `/workers/HASH/WORKER` | ``WorkerRecord`` | the worker | session |
/// | `/slots/HASH/WORKER` | the ``WorkerRecord`` as it was when the worker joined | the worker | until the worker stops, or recovery |
/// | `/slots/HASH/WORKER/SLOT` | nothing while free, else a ``SlotRecord``: **the claim** | the worker; posters that hand it a ticket; build-control that cancels; recovery that deletes it | until the worker stops, or recovery |
/// | `/idle/KIND/LABELS/HASH/WORKER~SLOT~VERSION` | nothing | the worker that parks; posters delete it when they hand the slot a ticket | session |
/// | `/queues/KIND/LABELS/SPAN/PART/ENTRY` | the ``Ticket``; see ``TicketOrder`` for the three names | posters | until claimed |
/// | `/shares/KIND/LABELS/HASH/JOB` | the job's finish tag; see ``TicketOrder`` | posters that queue a ticket of the job | an hour after it was of use |
/// | `/jobs/JOB` | the next build's number | triggers | until the job is deleted |
/// | `/builds/JOB/BUCKET/NUMBER` | a ``BuildRecord`` of the running build | triggers, build-control | until the build ends |
/// | `/builds/JOB/BUCKET/NUMBER/TICKET` | the ``TicketPlace`` of an attempt: its entry in the queue, or the slot that has it | who queues the ticket, and who puts it into a slot | until the attempt ends |
/// | `/deliveries/BUCKET/DELIVERY` | a ``DeliveryRecord`` | the frontend that took the delivery | 30 days |
/// | `/joins/BUCKET/DIGEST` | a ``JoinRecord``: builds of one commit that are waited for together | who ends one of them, in the same transaction | 30 days |
/// | `/pulls/HASH/DIGEST/NUMBER` | a ``PullRecord``: a pull request from a fork that waits for approval, or was approved | who takes a webhook or an approval in, in the transaction that starts its builds | until it is closed, 90 days, or there are 200 newer ones of the repository |
/// | `/groups/BUCKET/DIGEST` | a ``GroupRecord``: who holds a concurrency group | who starts and ends builds, in the same transaction | until nobody has held it for an hour |
/// | `/groups/BUCKET/DIGEST/POSITION~JOB~NUMBER` | the ``Ticket`` that starts the build | who starts a build that has to wait | until its turn, or it ends |
/// | `/environments/HASH/ENVIRONMENT` | an ``EnvironmentRecord``: the task that holds its lock | build-control that posts or ends a task which deploys there, in the same transaction | until nothing has been there for an hour |
/// | `/environments/HASH/ENVIRONMENT/POSITION~JOB~NUMBER~TASK` | an ``EnvironmentWaiter``; for POSITION stands `unapproved` until somebody has approved the task | build-control | until its turn, or it ends |
/// | `/pauses/jobs/JOB` and `/pauses/labels/LABEL` and `/pauses/environments/ENVIRONMENT` | a ``Pause`` | frontends; copied from the object store when the tree is new | until it is resumed |
/// | `/seen/KIND` and `/seen/KIND/LABEL` | when a worker of the kind, or with the label, was there last | workers that leave, recovery of those that are lost | for ever; labels until there are too many |
/// | `/timers` | nothing; written whenever a timer is set | who sets a timer | for ever |
/// | `/timers/BUCKET/TIME~JOB~NUMBER~TICKET` | a ``Timer`` | who makes something wait for a time, in the same transaction | until it fires, or is taken back |
/// | `/schedules` and `/polls` | nothing; written whenever a job's schedules or polls are changed by its file | who applies and deletes jobs, recovery | for ever |
/// | `/schedules/HASH/JOB` | a ``ScheduleRecord`` | who applies the job; the holder of the role of recovery, together with the build that it starts | until the job has no schedule |
/// | `/polls/HASH/JOB` | a ``PollRecord`` | who applies the job; the holder of the role `polls`, and who takes a push in, together with the builds that they start | until the job has no poll |
/// | `/roles/ROLE` | the holder's name | whoever was first | session |
/// | `/scale` | nothing; its version tells of changes below it | who changes something below it | for ever |
/// | `/scale/KIND/LABELS` | a ``ScaleRecord`` | frontends; the holder of the role `scaling` | until 0 are wanted for good |
/// | `/pools/POOL` | a ``PoolRecord`` | the pool | session, or until it drains |
/// | `/seats/KIND/LABELS/NUMBER` | a ``SeatRecord`` | the pool that runs it | session, or until it gives it up |
///
/// A list that grows with the load or with the site is cut in buckets of at most ``NodeMap/bucketSize`` names; `HASH` is a
/// ``HashBucket``. Folders of classes that nobody asks for any more are removed by the recovery role.
package enum NodeMap {
  /// Changed with every change to this map that an older program would misread.
  package static let formatVersion = 3
  /// The last one whose stores this program reads, and writes on in its own.
  package static let earlierVersion = 2
  package static let bucketSize = 1_000

  package static let format = NodePath.root / "format"
  package static let workers = NodePath.root / "workers"
  package static let slots = NodePath.root / "slots"
  package static let idle = NodePath.root / "idle"
  package static let queues = NodePath.root / "queues"
  package static let shares = NodePath.root / "shares"
  package static let jobs = NodePath.root / "jobs"
  package static let builds = NodePath.root / "builds"
  package static let deliveries = NodePath.root / "deliveries"
  package static let groups = NodePath.root / "groups"
  package static let timers = NodePath.root / "timers"
  package static let roles = NodePath.root / "roles"

  package static func worker(_ worker: WorkerID) -> NodePath { workers / worker.bucket / worker.rawValue }
  package static func slots(of worker: WorkerID) -> NodePath { slots / worker.bucket / worker.rawValue }
  package static func slot(_ slot: SlotID) -> NodePath { slots(of: slot.worker) / String(slot.number) }

  package static func idle(_ kind: TaskKind) -> NodePath { idle / kind.rawValue }
  package static func idle(_ queue: QueueClass) -> NodePath { idle(queue.kind) / component(of: queue.labels) }

  package static func idleEntry(_ entry: IdleEntry, _ queue: QueueClass) -> NodePath {
    idle(queue) / entry.slot.idleBucket / entry.name
  }

  package static func queues(_ kind: TaskKind) -> NodePath { queues / kind.rawValue }
  package static func queue(_ queue: QueueClass) -> NodePath { queues(queue.kind) / component(of: queue.labels) }

  package static func shares(_ queue: QueueClass) -> NodePath {
    shares / queue.kind.rawValue / component(of: queue.labels)
  }
  package static func share(of job: JobName, in queue: QueueClass) -> NodePath {
    shares(queue) / HashBucket.name(of: job.rawValue) / job.rawValue
  }

  package static func job(_ job: JobName) -> NodePath { jobs / job.rawValue }

  package static func builds(of job: JobName) -> NodePath { builds / job.rawValue }
  package static func buildBucket(_ build: BuildID) -> NodePath {
    builds(of: build.job) / String(build.number / bucketSize)
  }
  package static func build(_ build: BuildID) -> NodePath { buildBucket(build) / String(build.number) }
  /// Where a ``TicketPlace`` stands.
  package static func place(of build: BuildID, ticket: String) -> NodePath { self.build(build) / ticket }

  package static func deliveryBucket(_ digest: String) -> NodePath { deliveries / String(digest.prefix(2)) }
  /// - Parameter digest: in hexadecimal, of all that makes the delivery the same one.
  package static func delivery(_ digest: String) -> NodePath { deliveryBucket(digest) / digest }

  package static func groupBucket(_ digest: String) -> NodePath { groups / String(digest.prefix(2)) }
  /// - Parameter digest: in hexadecimal, of the group's name.
  package static func group(_ digest: String) -> NodePath { groupBucket(digest) / digest }

  package static func role(_ role: String) -> NodePath { roles / role }

  /// A set of labels as a node's name; `-` is the empty set.
  package static func component(of labels: [Label]) -> String {
    labels.isEmpty ? "-" : labels.map(\.rawValue).joined(separator: "+")
  }

  /// The set of labels that a node's name stands for.
  package static func labels(ofComponent name: String) -> Set<Label> {
    name == "-" ? [] : Set(name.split(separator: "+").compactMap { try? Label(String($0)) })
  }

  /// A set of labels must fit in a node's name.
  package static func check(_ labels: [Label]) throws(ValidationError) {
    try QueueClass.check(labels)
  }
}
