import Model
import Testing

@testable import Coordination

@Suite("Written values") struct WrittenValuesTests {
  private let path = NodePath("/a")

  @Test("are what was written last, for whoever finds the very bytes of it") func lastWritten() {
    var values = WrittenValues<Int>()
    #expect(values.value(of: [1], at: path) == nil)
    values.note(1, as: [1], at: path)
    values.note(2, as: [2], at: path)
    #expect(values.value(of: [2], at: path) == 2)
    #expect(values.value(of: [1], at: path) == nil && values.value(of: [2], at: path / "b") == nil)
    values.forget(path)
    #expect(values.value(of: [2], at: path) == nil)
  }

  @Test("do not grow without bounds") func bounded() {
    var values = WrittenValues<Int>()
    values.note(0, as: [UInt8](repeating: 0, count: 16 * 1024), at: path)
    for number in 0..<5_000 { values.note(number, as: [1], at: path / String(number)) }
    let kept = (0..<5_000).filter { values.value(of: [1], at: path / String($0)) != nil }
    #expect(kept.last == 4_999 && kept.count <= 1_000)
    #expect(values.value(of: [UInt8](repeating: 0, count: 16 * 1024), at: path) == nil)
  }
}

@Suite("Claims") struct ClaimBytesTests {
  @Test("have the same bytes whether their ticket was encoded before or not", arguments: [nil, "ann"])
  func spliced(_ cancelledBy: String?) throws {
    let ticket = Ticket(
      queue: QueueClass(kind: .executeShell, labels: [try Label("linux")]),
      build: BuildID(job: try JobName("a"), number: 7), work: .advance(.due(.timeout)),
      requested: Timestamp(milliseconds: 1), posted: Timestamp(milliseconds: 2), priority: -3)
    let record = SlotRecord(
      ticket: ticket, token: "host-1~2 \"odd\" ü", claimed: Timestamp(milliseconds: -4), cancelledBy: cancelledBy)
    let bytes = try record.bytes(withTicket: try JSONBytes.encode(ticket))
    #expect(String(decoding: bytes, as: UTF8.self) == String(decoding: try JSONBytes.encode(record), as: UTF8.self))
    #expect(try JSONBytes.decode(SlotRecord.self, from: bytes) == record)
    let strange = Array(try JSONBytes.encode(ticket).map { [$0, 0] }.joined())
    #expect(try record.bytes(withTicket: strange) == bytes)
  }
}
