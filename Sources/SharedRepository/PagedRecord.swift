package import Model

/// A record that has the state of a build in it.
package protocol BuildStateHolder: Codable, Sendable {
  var state: BuildState { get set }
}

/// A record without the states of its build's tasks: those stand on pages, each an object that never changes, so that who
/// moves a large build on writes the page that changed and not all of them.
///
/// It is stored as a byte for the version of the form, how many tasks there are in four bytes, the names of their pages in
/// eight bytes each, and then the record's JSON. There may be three hundred pages: as a part of that JSON they would be what
/// storing a large build costs most. Numbers have their lowest byte first.
struct PagedRecord<Record: BuildStateHolder> {
  var record: Record
  /// How many tasks there are on all pages.
  var tasks: Int
  var pages: [PageName]

  private static var version: UInt8 { 2 }

  func bytes() throws -> [UInt8] {
    let json = try JSONBytes.encode(record)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(5 + 8 * pages.count + json.count)
    bytes.append(Self.version)
    for shift in stride(from: 0, to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: tasks >> shift)) }
    for page in pages {
      for shift in stride(from: 0, to: UInt64(64), by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: page.number >> shift))
      }
    }
    bytes += json
    return bytes
  }

  static func isPaged(_ bytes: [UInt8]) -> Bool { bytes.first == version }
}

extension PagedRecord {
  /// - Returns: `nil` when the bytes are a record with all that belongs to it, or one of ``EarlierPagedRecord``.
  /// - Throws: `DecodingError`, or ``RepositoryError`` with `damaged`.
  init?(_ bytes: [UInt8]) throws {
    guard Self.isPaged(bytes) else { return nil }
    guard bytes.count >= 5 else { throw RepositoryError.incompleteState }
    tasks = (1..<5).reversed().reduce(0) { $0 << 8 | Int(bytes[$1]) }
    let end = 5 + 8 * TaskTable.pageCount(of: tasks)
    guard bytes.count > end else { throw RepositoryError.incompleteState }
    pages = stride(from: 5, to: end, by: 8).map { start in
      var number: UInt64 = 0
      for position in 0..<8 { number |= UInt64(bytes[start + position]) << UInt64(8 * position) }
      return PageName(number: number)
    }
    record = try JSONBytes.decode(Record.self, from: Array(bytes[end...]))
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
