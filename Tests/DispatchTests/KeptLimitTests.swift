import Foundation
import Model
import ObjectStorage
import SharedRepository
import TestStores
import Testing
import Workers

/// How much a repository's job files may be, and what happens beyond that.
@Suite(.timeLimit(.minutes(4)))
struct KeptLimitTests {
  @Test(
    "A repository has so many names and no more; what it has it keeps, and who is refused is told what to do",
    arguments: StorePair.all)
  func names(_ pair: StorePair) async throws {
    try await PushedRepository.story(pair) { workshop, repository in
      let files = try JobName("files")
      let first = [".distci/library.json": repository.file("library", branches: "main")]
      _ = try await workshop.ends(of: try await repository.push(first))
      // As many names as branches with other files would have left behind.
      let others = try (1..<500).map { ObjectMap.keptEntry(files, try JobName("library-\($0)")) }
      for start in stride(from: 0, to: others.count, by: 100) {
        let some = others[start..<min(start + 100, others.count)]
        try await workshop.observer.objects.update(
          ObjectMap.jobs, some.map { IndexChange(key: $0, value: [0x2D]) })
      }
      let more = [".distci/more.json": repository.file("library-more", branches: "main")]
      let (reading, builds) = try await workshop.ends(of: try await repository.push(more))
      #expect(builds.map(\.job.rawValue) == ["library"])
      let note = try #require(reading.notes.first { $0.contains("library-more was not started") }, "\(reading.notes)")
      #expect(note.contains("500 jobs are kept in") && note.contains("'distci job delete'"))
      // Room for one is room for it.
      try await workshop.observer.objects.update(ObjectMap.jobs, [IndexChange(key: others[7], value: nil)])
      let (_, both) = try await workshop.ends(of: try await repository.push([:]))
      #expect(both.map(\.job.rawValue) == ["library", "library-more"])
    }
  }

  @Test(
    "Where it would take too long to find out which files a push concerns, it concerns them all",
    arguments: StorePair.all)
  func matching(_ pair: StorePair) async throws {
    try await PushedRepository.story(pair) { workshop, repository in
      let file = repository.file("library").replacing(#""branches": ["**"]"#, with: #""paths": ["src/**"]"#)
      let (_, none) = try await workshop.ends(of: try await repository.push([".distci/library.json": file]))
      #expect(none.isEmpty)
      // 4,000 paths of 250 bytes, and a text of three hundred: a few hundred million steps.
      try repository.shell(
        "cd work; d=docs/$(printf '%0235d'); mkdir -p $d; seq -f \"$d/%g\" 10001 14000 | xargs touch")
      let (reading, all) = try await workshop.ends(of: try await repository.push([:]))
      #expect(reading.verdict == .succeeded && all.map(\.job.rawValue) == ["library"])
      let (_, few) = try await workshop.ends(of: try await repository.push(["docs/a": "1"]))
      #expect(few.isEmpty)
    }
  }

  @Test("A file that is small enough is built, also where what is stored of it is larger", arguments: StorePair.all)
  func canonicalText(_ pair: StorePair) async throws {
    try await PushedRepository.story(pair) { workshop, repository in
      // Each of these takes one byte, and six where it is written as an escape.
      let script = "true #" + String(repeating: "\u{7f}", count: 60_000)
      let text = repository.file("library", script: script)
      let canonical = try JobFile.parse(Array(text.utf8), file: "library.json").json
      #expect(text.utf8.count < JobLimits.keptFileBytes && canonical.utf8.count > JobLimits.keptFileBytes)
      let (reading, builds) = try await workshop.ends(of: try await repository.push([".distci/library.json": text]))
      #expect(reading.verdict == .succeeded && builds.map(\.verdict) == [.succeeded], "\(reading.notes)")
      #expect(try await workshop.end(of: try await workshop.start("library")).verdict == .succeeded)
    }
  }
}
