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
    private var isHeld = false
    private var held: [CheckedContinuation<Void, Never>] = []

    func goDown(_ isDown: Bool) { self.isDown = isDown }
    func hold() { isHeld = true }
    func letGo() {
      isHeld = false
      for continuation in held { continuation.resume() }
      held = []
    }
    func make() async throws -> Line {
      if isHeld { await withCheckedContinuation { held.append($0) } }
      if isDown { throw NoAnswer() }
      made += 1
      return Line(made)
    }
    func retire(_ line: Line) { retired.append(line.number) }
  }

  private let exchange = Exchange()

  /// - Parameter isPatient: whether users wait until there is an answer; without it they do not wait at all.
  private func renewable(isPatient: Bool = true) -> Renewable<Line> {
    Renewable(Line(0)) { [exchange] in
      try await exchange.make()
    } puttingAway: { [exchange] in
      await exchange.retire($0)
    } patience: {
      if isPatient { try? await Task.sleep(for: .seconds(3_600)) }
    }
  }

  @Test("once, however many notice it, and who comes then waits for the new one") func once() async {
    let line = renewable()
    let hanging = await line.current
    for _ in 0..<10 { line.suspect(hanging) }
    #expect(await line.current.number == 1)
    line.suspect(hanging)
    #expect(await line.current.number == 1)
    await line.close()
    #expect(await exchange.made == 1)
    #expect(await exchange.retired == [0, 1])
  }

  @Test("only by what works, and as often as needed") func down() async {
    let line = renewable()
    let hanging = await line.current
    await exchange.goDown(true)
    line.suspect(hanging)
    #expect(await line.current === hanging)
    await exchange.goDown(false)
    for number in 1...2 {
      line.suspect(await line.current)
      #expect(await line.current.number == number)
    }
    await line.close()
    #expect(await exchange.retired.sorted() == [0, 1, 2])
  }

  @Test("but nobody waits for it longer than there is patience") func impatience() async {
    let line = renewable(isPatient: false)
    await exchange.hold()
    line.suspect(await line.current)
    #expect(await line.current.number == 0)
    await exchange.letGo()
    await line.close()
    #expect(await exchange.retired.sorted() == [0, 1])
  }

  @Test("and not after the end") func closed() async {
    let line = renewable()
    await line.close()
    line.suspect(await line.current)
    #expect(await exchange.made == 0)
    #expect(await exchange.retired == [0])
  }
}
