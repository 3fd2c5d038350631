import Coordination
import Foundation
import GRDB
import SQLiteCoordination
import Testing

/// What the embedded store does with a folder that is not as it should be.
@Suite(.timeLimit(.minutes(3)))
struct SQLiteFormatTests {
  @Test func `a newer format is refused, and left as it is`() async throws {
    try await expectRefusal(naming: "format 3") { file in
      try DatabaseQueue(path: file).write { try $0.execute(sql: "CREATE TABLE t (x); PRAGMA user_version = 3") }
    }
  }

  @Test func `an older format is raised, and what is in it stays`() async throws {
    let url = try await Backend.sqlite.make()
    let folder = String(url.dropFirst("sqlite://".count))
    let file = "\(folder)/coordination.sqlite"
    let before = SQLiteCoordinationStore(folder: folder)
    try await before.openSession().create(NodePath("/node"))
    await before.close()
    // The store's connections are closed a moment after it, and have the file for themselves for that.
    var patient = Configuration()
    patient.busyMode = .timeout(60)
    try await DatabaseQueue(path: file, configuration: patient).write {
      try $0.execute(sql: "PRAGMA user_version = 1")
    }
    let after = SQLiteCoordinationStore(folder: folder)
    #expect(try await after.openSession().read(NodePath("/node")) != nil)
    await after.close()
    let format = try await DatabaseQueue(path: file, configuration: patient).read {
      try Int.fetchOne($0, sql: "PRAGMA user_version")
    }
    #expect(format == 2)
    try await Backend.sqlite.remove(url)
  }

  @Test func `somebody else's database is refused`() async throws {
    try await expectRefusal(naming: "something else") { file in
      try DatabaseQueue(path: file).write { try $0.execute(sql: "CREATE TABLE t (x)") }
    }
  }

  @Test func `what is no database is refused`() async throws {
    try await expectRefusal(naming: "damaged") { file in
      try Data(repeating: 7, count: 8_192).write(to: URL(fileURLWithPath: file))
    }
  }

  @Test func `a folder that cannot be made is refused`() async throws {
    let error = await expect(.refused) {
      _ = try await SQLiteCoordinationStore(folder: "/proc/no-such-folder").openSession()
    }
    #expect(error?.message.contains("/proc/no-such-folder") == true)
  }

  private func expectRefusal(naming cause: String, _ prepare: (_ file: String) throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("distci-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let file = "\(folder)/coordination.sqlite"
    try prepare(file)
    let before = try Data(contentsOf: URL(fileURLWithPath: file))
    let error = await expect(.refused) { _ = try await SQLiteCoordinationStore(folder: folder).openSession() }
    #expect(error?.message.contains(cause) == true, "\(String(describing: error))")
    let after = try Data(contentsOf: URL(fileURLWithPath: file))
    #expect(before == after)
    try FileManager.default.removeItem(atPath: folder)
  }
}
