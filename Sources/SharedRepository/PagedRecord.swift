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
        bytes.append(littleEndian: [UInt32(page.count)])
        bytes += page
      }
    case .objects(let names):
      bytes.reserveCapacity(Self.headSize + 8 * names.count + json.count)
      Self.addHead(Self.inObjects, tasks, to: &bytes)
      bytes.append(littleEndian: names.map(\.number))
    }
    bytes += json
    return bytes
  }

  private static func addHead(_ place: UInt8, _ tasks: Int, to bytes: inout [UInt8]) {
    bytes += [version, place]
    bytes.append(littleEndian: [UInt32(tasks)])
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
    guard bytes.count >= Self.headSize, let tasks = bytes.numbers(UInt32.self, 1, at: 2).first else {
      throw RepositoryError.incompleteState
    }
    self.tasks = Int(tasks)
    var position = Self.headSize
    place = try Self.place(bytes, pages: TaskTable.pageCount(of: self.tasks), &position)
    record = try JSONBytes.decode(Record.self, from: Array(bytes[position...]))
  }

  private static func place(
    _ bytes: [UInt8], pages count: Int, _ position: inout Int
  ) throws -> StoredPages.Place {
    switch bytes[1] {
    case inObjects:
      let numbers = bytes.numbers(UInt64.self, count, at: position)
      guard numbers.count == count else { throw RepositoryError.incompleteState }
      position += 8 * count
      return .objects(numbers.map(PageName.init))
    case inRecord:
      var pages: [[UInt8]] = []
      for _ in 0..<count {
        guard let size = bytes.numbers(UInt32.self, 1, at: position).first.map(Int.init),
          bytes.count - position - 4 >= size
        else { throw RepositoryError.incompleteState }
        pages.append(Array(bytes[position + 4..<position + 4 + size]))
        position += 4 + size
      }
      return .record(pages)
    default:
      throw RepositoryError.incompleteState
    }
  }
}

extension [UInt8] {
  fileprivate mutating func append<Number: FixedWidthInteger>(littleEndian numbers: [Number]) {
    unsafe numbers.map(\.littleEndian).withUnsafeBytes { unsafe append(contentsOf: $0) }
  }

  /// Numbers that stand there one after the other; none when there are not so many.
  fileprivate func numbers<Number: FixedWidthInteger>(_ type: Number.Type, _ count: Int, at position: Int) -> [Number] {
    let size = count * MemoryLayout<Number>.size
    guard count > 0, self.count - position >= size else { return [] }
    var numbers = [Number](repeating: 0, count: count)
    unsafe numbers.withUnsafeMutableBytes { target in
      unsafe withUnsafeBytes {
        unsafe target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[position..<position + size]))
      }
    }
    return numbers.map(Number.init(littleEndian:))
  }
}

/// How such a record was stored before: as JSON, with the names of all pages in it. It is still read.
struct EarlierPagedRecord<Record: BuildStateHolder>: Codable {
  /// Empty where nothing has happened to any task of a page.
  var pages: [String]
  var record: Record
  var tasks: Int

  /// How its JSON begins; that of no other value does.
  static var prefix: [UInt8] { Array(#"{"pages":"#.utf8) }
}

extension RepositoryError {
  static let incompleteState = RepositoryError(
    .damaged, "the state of a build is incomplete", remedy: "start the build again")
}
