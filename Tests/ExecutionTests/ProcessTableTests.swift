import CExecution
import Glibc
import Testing

@testable import Execution

struct ProcessTableTests {
  private let worker: Int32 = 100

  private func process(_ pid: Int32, parent: Int32, group: Int32, session: Int32) -> distci_process {
    distci_process(pid: pid, parent: parent, group: group, session: session, state: CChar(UInt8(ascii: "S")))
  }

  private func orphans(_ processes: [distci_process], live: Set<Int32> = [], leader: Int32? = nil) -> [Int32] {
    ProcessTable(processes: processes).orphans(of: worker, session: 1, live: live, leader: leader).map(\.pid)
  }

  @Test func `a child in a session of its own that is no runner is an orphan, with its descendants`() {
    let table = [
      process(100, parent: 1, group: 100, session: 1),
      process(200, parent: 100, group: 200, session: 200),
      process(201, parent: 200, group: 201, session: 201),
      process(300, parent: 100, group: 300, session: 300),
      process(301, parent: 300, group: 301, session: 301),
      process(302, parent: 301, group: 301, session: 301),
    ]
    #expect(orphans(table, live: [200]) == [300, 301, 302])
    #expect(orphans(table, live: [200, 300]) == [])
  }

  @Test func `a child that stayed in the worker's session was started by somebody else`() {
    #expect(orphans([process(200, parent: 100, group: 200, session: 1)]) == [])
  }

  @Test func `the leader's session and group are orphans wherever they hang`() {
    let table = [
      process(300, parent: 1, group: 300, session: 300),
      process(301, parent: 1, group: 301, session: 300),
      process(302, parent: 1, group: 302, session: 302),
    ]
    #expect(orphans(table, leader: 300) == [300, 301])
  }

  @Test func `the table that the kernel shows holds this process`() throws {
    let found = try ProcessTable.current().processes.first { $0.pid == getpid() }
    #expect(found?.parent == getppid())
    #expect(found?.group == getpgrp())
    #expect(found?.session == getsid(0))
  }
}
