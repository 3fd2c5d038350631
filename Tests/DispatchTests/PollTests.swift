import Coordination
import Model
import SharedRepository
import Synchronization
import TestStores
import Testing
import Workers

@Suite(.timeLimit(.minutes(3)))
struct PollTests {
  private let library: JobName

  init() throws { library = try JobName("library") }

  private static let address = "https://git.example.org/octo/library.git"

  private func file(_ triggers: String, task: String = "") -> String {
    #"""
    { "job": "library", "triggers": [\#(triggers)],
      "tasks": [{ "name": "a", "type": "execute-shell", "script": "true"\#(task) }] }
    """#
  }

  private func poll(_ more: String = "") -> String {
    #"{ "on": "poll", "repository": "\#(Self.address)", "every": "5m"\#(more) }"#
  }

  private func commit(_ letter: Character) -> String { String(repeating: letter, count: 40) }

  /// A server whose branches a test moves.
  private final class Server: Sendable {
    private struct State {
      var branches: [String: String]
      var looks = 0
      var failure: String?
    }

    private let state: Mutex<State>

    init(_ branches: [String: String]) { state = Mutex(State(branches: branches)) }

    var looks: Int { state.withLock { $0.looks } }

    func move(_ branch: String, to commit: String?) { state.withLock { $0.branches[branch] = commit } }

    func fail(_ reason: String?) { state.withLock { $0.failure = reason } }

    func look() throws -> [String: String] {
      try state.withLock { state in
        state.looks += 1
        if let failure = state.failure { throw BranchesUnseen(failure) }
        return state.branches
      }
    }
  }

  private func view(_ workshop: Workshop) async throws -> PollView {
    try #require(try await workshop.observer.jobView(library).polls?.first)
  }

  /// Waits until the record of the poll is as it should be.
  private func wait(_ workshop: Workshop, until condition: @escaping @Sendable (PollView) -> Bool) async throws {
    try await workshop.waitForChange([NodeMap.polls(of: library)]) {
      condition(try await view(workshop))
    }
  }

  /// Lets the next look come, and waits until it has been taken in.
  private func look(_ workshop: Workshop) async throws {
    let due = try await view(workshop).next.time
    try await workshop.leap(to: due)
    try await wait(workshop) { $0.next.time > due }
  }

  private func causes(_ workshop: Workshop) async throws -> [String] {
    var causes: [String] = []
    for summary in try await workshop.observer.builds(of: library, limit: 100).reversed() {
      let build = BuildID(job: library, number: summary.build)
      let view = try await workshop.end(of: build)
      causes.append("\(view.cause.ref ?? "-") \(view.cause.commit?.prefix(1) ?? "-")")
    }
    return causes
  }

  @Test("The first look learns; later ones build what moved and what is new, once", arguments: StorePair.all)
  func story(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      let server = Server(["main": commit("a"), "topic": commit("b")])
      try await workshop.defineJob(file: file(poll(#", "branches": ["main", "release/*"]"#)))
      let worker = try TestWorker.looking(at: { _ in try server.look() })
      let other = try TestWorker.looking(at: { _ in try server.look() })
      try await workshop.withWorkers(worker, other) {
        try await wait(workshop) { $0.looked != nil }
        #expect(server.looks == 1)
        server.move("main", to: commit("c"))
        server.move("topic", to: commit("d"))
        server.move("release/1", to: commit("e"))
        try await look(workshop)
        #expect(try await causes(workshop) == ["refs/heads/main c", "refs/heads/release/1 e"])
        try await look(workshop)
        server.move("release/1", to: nil)
        try await look(workshop)
        #expect(try await causes(workshop).count == 2)
        #expect(server.looks == 4, "one process looks, once for each time")
      }
      #expect(try await view(workshop).every == 300)
      try await workshop.expectNothingLeft()
    }
  }

  @Test("A push that is told of and seen as well is built once, whichever comes first", arguments: StorePair.all)
  func reconciled(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      let server = Server(["main": commit("a")])
      try await workshop.defineJob(file: file(#"{ "on": "push", "repository": "octo/library" }, \#(poll())"#))
      try await workshop.defineJob("other")
      let tell: @Sendable (Character, String) async throws -> [String] = { letter, delivery in
        let push = BuildCause.Push(repository: "octo/library", ref: "refs/heads/main", commit: commit(letter))
        let requests = [library, try JobName("other")].map { StartRequest(job: $0, cause: .push(push)) }
        let started = try await workshop.repository.start(requests, delivery: Delivery(lasting: [delivery]))
        return started.builds.map(\.job.rawValue)
      }
      try await workshop.withWorkers(try TestWorker.looking(at: { _ in try server.look() })) {
        try await wait(workshop) { $0.looked != nil }
        // Told of first.
        server.move("main", to: commit("b"))
        #expect(try await tell("b", "1") == ["library", "other"])
        try await look(workshop)
        #expect(try await causes(workshop) == ["refs/heads/main b"])
        // Seen first: the job that does not look is started all the same.
        server.move("main", to: commit("c"))
        try await look(workshop)
        #expect(try await tell("c", "2") == ["other"])
        #expect(try await tell("c", "2") == ["other"], "the same delivery again")
        // The hook was lost.
        server.move("main", to: commit("d"))
        try await look(workshop)
        #expect(try await causes(workshop) == ["refs/heads/main b", "refs/heads/main c", "refs/heads/main d"])
      }
    }
  }

  @Test(
    "Of many that saw the same at the same time, one starts the builds; however many they are", arguments: StorePair.all
  )
  func race(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob(file: file(poll()))
      let trigger = PollTrigger(repository: Self.address)
      // More than a node holds.
      let old = Dictionary(uniqueKeysWithValues: (100..<400).map { ("branch-\($0)", commit("a")) })
      try await workshop.repository.take(old, of: trigger, for: library)
      var new = old
      for number in 100..<140 { new["branch-\(number)"] = commit("b") }
      let due = try await view(workshop).next.time
      try await workshop.leap(to: due)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<3 {
          let session = try await workshop.coordination.openSession()
          let repository = SharedRepository(
            session: session, objects: workshop.objects, now: workshop.repository.now)
          group.addTask { [new] in
            try await session.synchronize()
            try await repository.take(new, of: trigger, for: library)
            await session.close()
          }
        }
        try await group.waitForAll()
      }
      let builds = try await workshop.observer.builds(of: library, limit: 1_000)
      #expect(builds.map(\.build) == (1...40).reversed())
      var refs: Set<String> = []
      for summary in builds {
        refs.insert(try await workshop.observer.build(BuildID(job: library, number: summary.build)).cause.ref ?? "")
      }
      #expect(refs.count == 40)
      #expect(try await view(workshop).error == nil)
      try await workshop.repository.deleteJob(library)
      #expect(try await workshop.repository.duePolls().isEmpty)
    }
  }

  @Test("A server that fails is seen to, asked less and less often, and nothing is lost", arguments: StorePair.all)
  func failing(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      let server = Server(["main": commit("a")])
      try await workshop.defineJob(file: file(poll()))
      try await workshop.withWorkers(try TestWorker.looking(at: { _ in try server.look() })) {
        try await wait(workshop) { $0.looked != nil }
        server.fail("Could not resolve host: git.example.org")
        server.move("main", to: commit("b"))
        try await look(workshop)
        let once = try await view(workshop)
        #expect(once.failures == 1 && once.error?.contains("resolve host") == true)
        try await look(workshop)
        let twice = try await view(workshop)
        #expect(twice.failures == 2)
        #expect(twice.next.time.since(once.next.time) >= .seconds(1_200), "the wait grows")
        server.fail(nil)
        try await look(workshop)
        #expect(try await view(workshop).failures == 0)
        #expect(try await causes(workshop) == ["refs/heads/main b"])
      }
    }
  }

  @Test(
    "A branch that no build can be made of keeps no other from being built, and is not tried for ever",
    arguments: StorePair.all)
  func hostileBranch(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      let server = Server(["main": commit("a")])
      // A name that would lead out of the workspace.
      try await workshop.defineJob(file: file(poll(), task: #", "directory": "${branch}""#))
      try await workshop.withWorkers(try TestWorker.looking(at: { _ in try server.look() })) {
        try await wait(workshop) { $0.looked != nil }
        server.move(String(repeating: "x/", count: 800) + "x", to: commit("c"))
        server.move("main", to: commit("d"))
        try await look(workshop)
        #expect(try await causes(workshop).contains("refs/heads/main d"))
        #expect(try await view(workshop).error?.contains("was not built") == true)
        let count = try await causes(workshop).count
        try await look(workshop)
        #expect(try await causes(workshop).count == count)
        #expect(try await view(workshop).error == nil)
      }
    }
  }

  @Test("When who looks at repositories is killed, another one does", arguments: StorePair.all)
  func killed(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      let server = Server(["main": commit("a")])
      try await workshop.defineJob(file: file(poll()))
      let doomed = try TestWorker.looking(controls: 0, shells: 0, at: { _ in try server.look() })
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await workshop.run(doomed) }
        try await wait(workshop) { $0.looked != nil }
        try await workshop.withWorkers(try TestWorker.looking(at: { _ in try server.look() })) {
          await doomed.kill()
          server.move("main", to: commit("b"))
          try await look(workshop)
          #expect(try await causes(workshop) == ["refs/heads/main b"])
        }
        try await group.waitForAll()
      }
    }
  }
}
