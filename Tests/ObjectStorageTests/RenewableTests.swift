import ObjectStorage
import Testing

@testable import RadosObjectStorage

@Suite("What hangs is replaced") struct RenewableTests {
  private final class Line: Sendable {
    let number: Int
    init(_ number: Int) { self.number = number }
  }

  private struct NoAnswer: Error {}

  /// Makes lines with the numbers from 1 on, and notes which were put away.
  private actor Exchange {
    private(set) var made = 0
    private(set) var retired: [Int] = []
    private var isDown = false

    func goDown(_ isDown: Bool) { self.isDown = isDown }
    func make() throws -> Line {
      if isDown { throw NoAnswer() }
      made += 1
      return Line(made)
    }
    func retire(_ line: Line) { retired.append(line.number) }
  }

  private let exchange = Exchange()

  private func renewable() -> Renewable<Line> {
    Renewable(Line(0)) { [exchange] in
      try await exchange.make()
    } puttingAway: { [exchange] in
      await exchange.retire($0)
    }
  }

  @Test("once, however many notice it") func once() async {
    let line = renewable()
    let hanging = line.current
    for _ in 0..<10 { line.suspect(hanging) }
    await line.close()
    #expect(await exchange.made == 1)
    #expect(await exchange.retired.sorted() == [0, 1])
    #expect(line.current.number == 0 || line.current.number == 1)
  }

  @Test("and who notices it late does not have its replacement replaced") func late() async {
    let line = renewable()
    let hanging = line.current
    line.suspect(hanging)
    while line.current === hanging { await Task.yield() }
    line.suspect(hanging)
    #expect(line.current.number == 1)
    await line.close()
    #expect(await exchange.made == 1)
  }

  @Test("only by what works, and as often as needed") func down() async {
    let line = renewable()
    let hanging = line.current
    await exchange.goDown(true)
    line.suspect(hanging)
    #expect(line.current === hanging)
    await exchange.goDown(false)
    while line.current === hanging {
      line.suspect(hanging)
      await Task.yield()
    }
    line.suspect(line.current)
    while line.current.number != 2 { await Task.yield() }
    await line.close()
    #expect(await exchange.retired.sorted() == [0, 1, 2])
  }

  @Test("but not after the end") func closed() async {
    let line = renewable()
    await line.close()
    line.suspect(line.current)
    #expect(await exchange.made == 0)
    #expect(await exchange.retired == [0])
  }
}
