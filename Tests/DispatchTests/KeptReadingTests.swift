import Coordination
import Model
import SharedRepository
import TestStores
import Testing
import Workers

/// Which reading of a repository's job files holds.
@Suite(.timeLimit(.minutes(4)))
struct KeptReadingTests {
  @Test(
    "What an older push read and tells late is built, and takes the place of nothing that a newer push brought or removed",
    arguments: StorePair.all)
  func late(_ pair: StorePair) async throws {
    let older = BuildID(job: try JobName("files"), number: 1)
    let newer = BuildID(job: older.job, number: 2)
    try await PushedRepository.story(pair, holding: older, until: newer) { workshop, repository in
      let gone = try JobName("library-gone")
      let first = try await repository.push([
        ".distci/library.json": repository.file("library", script: "old"),
        ".distci/gone.json": repository.file("library-gone"),
      ])
      try await workshop.wait(for: older) { $0.tasks[0].verdict != nil }
      try repository.git("rm -q .distci/gone.json")
      let (_, new) = try await workshop.ends(
        of: try await repository.push([
          ".distci/library.json": repository.file("library", script: "new"),
          ".distci/more.json": repository.file("library-more"),
        ]))
      #expect(new.map { "\($0.job)/\($0.build)" } == ["library/1", "library-more/1"])

      // Each is built as it was pushed.
      let (late, old) = try await workshop.ends(of: first)
      #expect(old.map { "\($0.job)/\($0.build)" } == ["library-gone/1", "library/2"])
      #expect(late.notes.contains { $0.contains("a newer build of files") }, "\(late.notes)")
      for build in old {
        #expect(try await workshop.commit(of: BuildID(job: build.job, number: build.build)) == late.cause.commit)
      }
      try await expectNew(workshop)

      // Nor does it when it is taken over by a build that is newer by itself.
      let again = try await workshop.observer.retry(older, .from(try TaskName("hold")), by: "ada")
      let (_, same) = try await workshop.ends(of: again.builds.map(BuildReference.init))
      #expect(same.map { "\($0.job)/\($0.build)" } == ["library-gone/2", "library/3"])
      try await expectNew(workshop)
      let error = await #expect(throws: RepositoryError.self) { try await workshop.start("library-gone") }
      #expect(error?.code == .notFound)
      #expect(try await workshop.observer.jobView(gone).kept?.isDefined == false)
    }
  }

  @Test(
    "A branch's reading does not keep the default branch from defining a job, nor is anything kept for an overtaken one",
    arguments: StorePair.all)
  func order(_ pair: StorePair) async throws {
    try await PushedRepository.story(pair) { workshop, repository in
      let shared = workshop.repository
      let (files, library) = (try JobName("files"), try JobName("library"))
      func kept(_ build: Int, isDefined: Bool) -> KeptJob {
        KeptJob(
          by: files, repository: repository.url, file: ".distci/library.json",
          commit: String(repeating: "a", count: 40), branch: isDefined ? "main" : "topic", build: build,
          isDefined: isDefined)
      }
      let reader = try #require(try await shared.jobFileReader(files))
      let job = try KeptJobFile.parse(
        Array(repository.file("library").utf8), file: ".distci/library.json", within: reader.bounds,
        limit: JobLimits.bytes)
      _ = try await shared.keep(job, kept(8, isDefined: false), for: reader)
      let older = try #require(try await shared.takeOver(readingOf: 7, for: reader))
      _ = try await shared.keep(job, kept(7, isDefined: true), for: older)
      #expect(try await shared.jobView(library).kept?.isDefined == true)

      let newer = try #require(try await shared.takeOver(readingOf: 9, for: reader))
      #expect(try await shared.takeOver(readingOf: 7, for: reader) == nil)
      for overtaken in [
        { _ = try await shared.keep(job, kept(10, isDefined: true), for: older) },
        { try await shared.letGo(but: [], build: 10, for: older) },
      ] {
        await #expect(throws: JobFileReaderChanged.self) { try await overtaken() }
      }
      #expect(try await shared.jobView(library).kept?.reader.build == 7)
      try await shared.letGo(but: [], build: 9, for: newer)
      #expect(try await shared.jobView(library).kept?.isDefined == false)
    }
  }

  @Test(
    "What was read in one repository neither defines nor removes anything once the job reads another one",
    arguments: StorePair.all)
  func moved(_ pair: StorePair) async throws {
    let second = BuildID(job: try JobName("files"), number: 2)
    // It ends when the job has read the other repository.
    let third = BuildID(job: second.job, number: 3)
    try await PushedRepository.story(pair, holding: second, until: third) { workshop, repository in
      _ = try await workshop.ends(of: try await repository.push([".distci/library.json": repository.file("library")]))
      try repository.git("mv .distci/library.json .distci/gone.json")
      let held = try await repository.push([".distci/gone.json": repository.file("library-gone")])
      try await workshop.wait(for: second) { $0.tasks[0].verdict != nil }
      try repository.shell("git clone -q --bare work other.git")
      try await workshop.defineJob(
        file: """
          { "job": "files", "tasks": [
            { "name": "read", "type": "git-checkout", "repository": "file://\(repository.folder)/other.git",
              "jobFiles": { "jobs": ["elsewhere"], "files": ["ci/*"] } } ] }
          """)
      #expect(try await workshop.end(of: try await workshop.start("files")).verdict == .succeeded)
      let (late, none) = try await workshop.ends(of: held)
      #expect(none.isEmpty && late.notes.contains { $0.contains("reads other job files by now") }, "\(late.notes)")
      let library = try await workshop.observer.jobView(try JobName("library"))
      #expect(library.kept?.isDefined == true && library.kept?.reader.build == 1)
      await #expect(throws: RepositoryError.self) { try await workshop.observer.jobView(try JobName("library-gone")) }
      // It is not built any more all the same.
      let error = await #expect(throws: RepositoryError.self) { try await workshop.start("library") }
      #expect(error?.code == .conflict && error?.message.contains("whose job files nobody reads any more") ?? false)
    }
  }

  /// The jobs are those of the newer push.
  private func expectNew(_ workshop: Workshop) async throws {
    for (name, script) in [("library", "new"), ("library-more", "true")] {
      let job = try await workshop.observer.job(try JobName(name)).job
      guard case .executeShell(let work) = job.tasks[1].work else { throw CancellationError() }
      #expect(work.command == .script(script))
    }
    for name in ["library", "library-more"] {
      let view = try await workshop.observer.jobView(try JobName(name))
      #expect(view.kept?.isDefined == true && view.kept?.reader.build == 2, "\(view)")
    }
  }
}
