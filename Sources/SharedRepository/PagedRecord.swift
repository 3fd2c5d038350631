package import Model

/// A record that has the state of a build in it.
package protocol BuildStateHolder: Codable, Sendable {
  var state: BuildState { get set }
}

/// A record apart from the states of its build's tasks: those stand on pages, so that who moves a build on reads and writes
/// the pages that changed and not all of them. A few pages stand in the record; of more, each is an object that never
/// changes.
///
/// It is stored as a byte for the version of the form, one for where its pages stand, how many tasks there are in four
/// bytes, then of each page either its length in four bytes and what it says, or its name in eight bytes, and at last the
/// record's JSON. There may be three hundred names: as a part of that JSON they would be what storing a large build costs
/// most. Numbers have their lowest byte first.
struct PagedRecord<Record: BuildStateHolder> {
  var record: Record
  /// How many tasks there are on all pages.
  var tasks: Int
  var place: StoredPages.Place

  private static var version: UInt8 { 2 }
  private static var inRecord: UInt8 { 0 }
  private static var inObjects: UInt8 { 1 }
  /// In bytes, of what comes before the pages.
  private static var headSize: Int { 6 }

  func bytes() throws -> [UInt8] {
    let json = try JSONBytes.encode(record)
    var bytes: [UInt8] = []
    switch place {
    case .record(let pages):
      bytes.reserveCapacity(Self.headSize + pages.reduce(0) { $0 + 4 + $1.count } + json.count)
      Self.addHead(Self.inRecord, tasks, to: &bytes)
      for page in pages {
        Self.add(page.count, to: &bytes)
        bytes += page
      }
    case .objects(let names):
      bytes.reserveCapacity(Self.headSize + PageName.size * names.count + json.count)
      Self.addHead(Self.inObjects, tasks, to: &bytes)
      PageName.append(names, to: &bytes)
    }
    bytes += json
    return bytes
  }

  private static func addHead(_ place: UInt8, _ tasks: Int, to bytes: inout [UInt8]) {
    bytes += [version, place]
    add(tasks, to: &bytes)
  }

  /// Adds a number of four bytes.
  private static func add(_ number: Int, to bytes: inout [UInt8]) {
    for shift in stride(from: 0, to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: number >> shift)) }
  }

  private static func isPaged(_ bytes: [UInt8]) -> Bool { bytes.first == version }

  /// Whether pages of it stand in objects.
  static func hasObjects(_ bytes: [UInt8]) -> Bool { isPaged(bytes) && bytes.dropFirst().first != inRecord }
}

extension PagedRecord {
  /// - Returns: `nil` when the bytes are a record with all that belongs to it, or one of ``EarlierPagedRecord``.
  /// - Throws: `DecodingError`, or ``RepositoryError`` with `damaged`.
  init?(_ bytes: [UInt8]) throws {
    guard Self.isPaged(bytes) else { return nil }
    guard let tasks = Self.number(bytes, at: 2) else { throw RepositoryError.incompleteState }
    self.tasks = tasks
    var position = Self.headSize
    place = try Self.place(bytes, pages: TaskTable.pageCount(of: tasks), &position)
    record = try JSONBytes.decode(Record.self, from: Array(bytes[position...]))
  }

  /// The number of four bytes that stands there.
  private static func number(_ bytes: [UInt8], at position: Int) -> Int? {
    guard bytes.count - position >= 4 else { return nil }
    return (0..<4).reversed().reduce(0) { $0 << 8 | Int(bytes[position + $1]) }
  }

  private static func place(
    _ bytes: [UInt8], pages count: Int, _ position: inout Int
  ) throws -> StoredPages.Place {
    switch bytes[1] {
    case inObjects:
      guard (bytes.count - position) / PageName.size >= count else { throw RepositoryError.incompleteState }
      let start = position
      position += PageName.size * count
      return .objects(PageName.names(count, in: bytes[start..<position]))
    case inRecord:
      var pages: [[UInt8]] = []
      for _ in 0..<count {
        guard let size = number(bytes, at: position), bytes.count - position - 4 >= size else {
          throw RepositoryError.incompleteState
        }
        pages.append(Array(bytes[position + 4..<position + 4 + size]))
        position += 4 + size
      }
      return .record(pages)
    default:
      throw RepositoryError.incompleteState
    }
  }
}

/// How such a record was stored before: as JSON, with the names of all pages in it. It is still read.
struct EarlierPagedRecord<Record: BuildStateHolder>: Codable {
  /// Empty where nothing has happened to any task of a page.
  var pages: [String]
  var record: Record
  var tasks: Int

  /// Tasks on one page.
  static var pageSize: Int { 32 }

  /// How its JSON begins; that of no other value does.
  static var prefix: [UInt8] { Array(#"{"pages":"#.utf8) }
}

extension RepositoryError {
  static let incompleteState = RepositoryError(
    .damaged, "the state of a build is incomplete", remedy: "start the build again")

  static func flawedState(of build: BuildID, _ flaw: String) -> RepositoryError {
    RepositoryError(
      .damaged, "the state of build \(build) is damaged: \(flaw)",
      remedy: "start the build again, and look after the stores")
  }
}
