import Foundation
import Measurement
import Testing

@testable import Model

/// The form in which our values stand in the stores: Foundation's, whoever writes and reads it.
struct JSONBytesTests {
  @Test("Records are written byte for byte as Foundation writes them, without its help, and read again")
  func records() throws {
    var random = SeededGenerator(seed: 1)
    for _ in 0..<200 {
      let (ticket, zoo) = (random.ticket(), random.zoo())
      let text = try #require(JSONBytes.encodeUsual(ticket))
      #expect(text == (try foundation(ticket)))
      #expect(JSONBytes.decodeUsual(Ticket.self, from: text) == ticket)
      #expect(try JSONBytes.decode(Ticket.self, from: text) == ticket)
      #expect(try JSONBytes.encode(zoo) == foundation(zoo))
      #expect(try JSONBytes.decode(Zoo.self, from: foundation(zoo)) == zoo)
    }
  }

  @Test("A build's request is handed on as it was read")
  func handedOn() throws {
    var random = SeededGenerator(seed: 7)
    let request = random.request()
    let text = String(decoding: try JSONBytes.encode(request), as: UTF8.self)
    #expect(text == String(decoding: try foundation(request), as: UTF8.self))
    let newer = text.replacing(/^{/, with: #"{"zeal": [1, {"a":"b"}],"#)
    let read = try JSONBytes.decode(CreatedBuild.self, from: Array(#"{"request":\#(newer),"taskCount":3}"#.utf8))
    #expect(read.request == request && read.request.hashValue == request.hashValue)
    let attempt = TaskAttempt(request: read.request, task: 1, number: 2, workspace: nil)
    let written = String(decoding: try JSONBytes.encode(attempt), as: UTF8.self)
    #expect(written == #"{"number":2,"request":\#(newer),"task":1}"#)
    #expect(try JSONBytes.decode(TaskAttempt.self, from: Array(written.utf8)) == attempt)
  }

  @Test("What is unusual is written as Foundation writes it, too")
  func unusual() throws {
    func check<Value: Codable & Equatable>(_ value: Value, isUsual: Bool = false) throws {
      #expect((JSONBytes.encodeUsual(value) != nil) == isUsual, "\(value)")
      #expect(try JSONBytes.encode(value) == foundation(value))
      #expect(try JSONBytes.decode(Value.self, from: foundation(value)) == value)
    }
    try check([0.5, 1, -1e300])
    try check(["": Float(1.5)])
    try check(Date(timeIntervalSince1970: 1_700_000_000))
    try check([URL(string: "https://example.org/a/b")])
    try check(Decimal(string: "12345678901234567890.5"))
    try check(UInt64.max)
    try check(["é": 1, "z": 2, "e\u{301}x": 3])
    try check(Dictionary(uniqueKeysWithValues: (0..<200).map { ("key\($0)", $0) }))
    try check([Int.min, Int.max, 0, -1], isUsual: true)
    try check(["B": 1, "a": 2, "A": 3, "a10": 4, "a9": 5, "_": 6, "~": 7], isUsual: true)
    try check([UInt8.max: Int8.min], isUsual: true)
    try check(Data([0, 1, 0xFE, 0xFF]), isUsual: true)
    try check(Int?.none, isUsual: true)
    try check([[String]](repeating: ["/\u{8}\u{c}\n\r\t\u{1}\u{1f}\u{7f}\"\\ 👋\u{2028}"], count: 2), isUsual: true)
  }

  @Test("Text that is read without Foundation means what it means to Foundation", arguments: 1...3)
  func hostile(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var taken = 0
    let pieces = [
      "\"", "\\", "\\u0041", "{", "}", "[", "]", ",", ":", " ", "null", "0", "-", "1.0", "e5", "\u{0}", "\n",
    ]
    for _ in 0..<400 {
      var text = try JSONBytes.encode(random.zoo())
      for _ in 0..<Int.random(in: 0...3, using: &random) {
        let position = Int.random(in: 0..<text.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: text[position] = .random(in: 0...255, using: &random)
        case 1: text.insert(contentsOf: (pieces.randomElement(using: &random) ?? "").utf8, at: position)
        case 2: text.removeSubrange(position..<min(text.count, position + .random(in: 1...9, using: &random)))
        default: text.append(contentsOf: (pieces.randomElement(using: &random) ?? "").utf8)
        }
        if text.isEmpty { text = [UInt8(ascii: "0")] }
      }
      guard let value = JSONBytes.decodeUsual(Zoo.self, from: text) else { continue }
      taken += 1
      #expect(try JSONDecoder().decode(Zoo.self, from: Data(text)) == value, "\(String(decoding: text, as: UTF8.self))")
    }
    #expect(taken > 50)
  }

  @Test("What is refused is refused with Foundation's words")
  func errors() throws {
    for text in [
      "", "{", "{}", #"{"a":1,"a":2}"#, #"{"job":"x","number":"1"}"#, #"{"job":"x","number":1}x"#, "\u{feff}{}",
    ] {
      let expected = #expect(throws: (any Error).self) { try JSONDecoder().decode(BuildID.self, from: Data(text.utf8)) }
      let error = #expect(throws: (any Error).self) { try JSONBytes.decode(BuildID.self, from: Array(text.utf8)) }
      #expect("\(try #require(error))" == "\(try #require(expected))")
    }
  }

  private func foundation(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(value))
  }
}

/// Some of everything that a record may be made of.
private struct Zoo: Codable, Equatable {
  enum Animal: Codable, Equatable {
    case none
    case named(String, legs: Int?)
    case herd([Animal])
  }
  enum Plain: String, Codable { case one, two }

  var flag = false
  var small: Int8 = 0
  var large: UInt64 = 0
  var fraction: Double?
  var text = ""
  var maybe: String?
  var texts: [String?] = []
  var animal = Animal.none
  var byName: [String: Animal] = [:]
  var byNumber: [Int: Bool] = [:]
  var byPlain: [Plain: Int] = [:]
  var data: Data?
  var time = Timestamp(milliseconds: 0)
  var plain = Plain.one
}

extension SeededGenerator {
  private mutating func text() -> String {
    ["", "a", "grüße 👋", String(repeating: "x", count: 40), "\"\\/\n\t", "refs/heads/main"]
      .randomElement(using: &self) ?? ""
  }

  private mutating func maybe<Value>(_ value: (inout Self) -> Value) -> Value? {
    Bool.random(using: &self) ? value(&self) : nil
  }

  private mutating func time() -> Timestamp {
    Timestamp(milliseconds: .random(in: -1...2_000_000_000_000, using: &self))
  }

  private mutating func animal(_ depth: Int = 0) -> Zoo.Animal {
    switch Int.random(in: 0..<3, using: &self) {
    case 0 where depth < 3: .herd((0..<Int.random(in: 0...3, using: &self)).map { _ in animal(depth + 1) })
    case 1: .named(text(), legs: maybe { .random(in: -4...4, using: &$0) })
    default: .none
    }
  }

  fileprivate mutating func zoo() -> Zoo {
    var zoo = Zoo()
    zoo.flag = .random(using: &self)
    zoo.small = .random(in: .min ... .max, using: &self)
    zoo.large = .random(in: 0...(Int.random(in: 0..<8, using: &self) == 0 ? .max : 1_000), using: &self)
    if Int.random(in: 0..<8, using: &self) == 0 { zoo.fraction = .random(in: -1...1, using: &self) }
    zoo.text = text()
    zoo.maybe = maybe { $0.text() }
    zoo.texts = (0..<Int.random(in: 0...3, using: &self)).map { _ in maybe { $0.text() } }
    zoo.animal = animal()
    for _ in 0..<Int.random(in: 0...9, using: &self) {
      zoo.byName["\(Int.random(in: 0...20, using: &self))key"] = animal()
      zoo.byNumber[.random(in: -20...20, using: &self)] = .random(using: &self)
    }
    zoo.byPlain = Bool.random(using: &self) ? [.two: 2] : [.one: 1, .two: 3]
    zoo.data = maybe { random in Data((0..<5).map { _ in UInt8.random(in: 0...255, using: &random) }) }
    zoo.time = time()
    zoo.plain = Bool.random(using: &self) ? .one : .two
    return zoo
  }

  fileprivate mutating func request() -> BuildRequest {
    guard let name = try? JobName("job"), let parameter = try? ParameterName("name") else {
      preconditionFailure("these are names")
    }
    let build = BuildID(job: name, number: .random(in: 1...1_000, using: &self))
    let causes: [BuildCause] = [
      .request, .asked(by: text()), .schedule(time()), .continuation(of: build),
      .push(.init(repository: "a/b", ref: text(), commit: text(), before: maybe { $0.text() })),
    ]
    return BuildRequest(
      build: build, requestID: text(), jobRevision: text(), parameters: [parameter: text()],
      cause: causes.randomElement(using: &self) ?? .request, requested: time(), depth: 0, priority: -3,
      aside: maybe { .random(using: &$0) })
  }

  fileprivate mutating func ticket() -> Ticket {
    guard let label = try? Label("linux") else { preconditionFailure("this is a name") }
    let request = request()
    let outcome = AttemptOutcome(
      task: 1, attempt: 2, token: text(), worker: text(), verdict: .failed, message: maybe { $0.text() },
      started: time(),
      finished: time(), workspace: [text()])
    var attempt = TaskAttempt(request: request, task: 0, number: 1, workspace: maybe { [$0.text()] })
    attempt.beginning = maybe { TaskAttempt.Beginning(taskCount: 3, time: $0.time()) }
    let works: [Ticket.Content] = [
      .advance(.start), .advance(.ended(outcome)), .advance(.due(.timeout)), .advance(.cancel(by: text(), at: time())),
      .attempt(attempt),
    ]
    var ticket = Ticket(
      queue: QueueClass(kind: .executeShell, labels: Bool.random(using: &self) ? [label] : []), build: request.build,
      work: works.randomElement(using: &self) ?? .advance(.start), requested: time(), posted: time(), priority: 7)
    ticket.created = maybe { _ in CreatedBuild(request: request, taskCount: 3) }
    ticket.begun = BegunBuild(attempt)
    return ticket
  }
}
