internal import Glibc
import Model
import Synchronization

/// The name of a page in its build's folder: made up each time that one is written.
package struct PageName: Hashable, Sendable {
  /// With its lowest byte first, as it stands in a record.
  private let stored: UInt64

  private init(number: UInt64) {
    stored = number.littleEndian
  }

  /// Of a page to whose tasks nothing has happened, and that no object holds.
  static let untouched = PageName(number: 0)

  /// Where this process begins to count. Others begin elsewhere, and come as far as this as good as never.
  private static let next = Atomic<UInt64>(.random(in: 1 << 32 ... .max >> 1))

  /// Of a page that is about to be written.
  static func fresh() -> PageName { PageName(number: next.wrappingAdd(1, ordering: .relaxed).newValue) }

  package var text: String { ObjectMap.page(UInt64(littleEndian: stored)) }
}

extension PageName {
  /// In bytes.
  static let size = 8

  /// Those that stand in a record one after the other.
  ///
  /// - Precondition: there are so many.
  static func names(_ count: Int, in bytes: ArraySlice<UInt8>) -> [PageName] {
    precondition(bytes.count == count * size, "a name has eight bytes")
    return unsafe [PageName](unsafeUninitializedCapacity: count) { names, initialized in
      unsafe bytes.withUnsafeBytes { unsafe UnsafeMutableRawBufferPointer(names).copyMemory(from: $0) }
      initialized = count
    }
  }

  static func append(_ names: [PageName], to bytes: inout [UInt8]) {
    unsafe names.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
  }

  /// Where names stand that do not stand in the same place among others. Nearly all do, so they are compared by the block.
  static func positions(of names: [PageName], notIn others: [PageName]) -> [Int] {
    var positions: [Int] = []
    for start in stride(from: 0, to: names.count, by: 64) {
      let end = min(start + 64, names.count)
      if end <= others.count, areSame(names, others, start..<end) { continue }
      for index in start..<end where index >= others.count || others[index] != names[index] { positions.append(index) }
    }
    return positions
  }

  /// - Precondition: both have names there.
  private static func areSame(_ names: [PageName], _ others: [PageName], _ range: Range<Int>) -> Bool {
    unsafe names.withUnsafeBytes { names in
      unsafe others.withUnsafeBytes { others in
        guard let names = names.baseAddress, let others = others.baseAddress else { return true }
        let start = range.lowerBound * size
        return unsafe memcmp(names + start, others + start, range.count * size) == 0
      }
    }
  }
}

/// Pages as they were written, on branches: a copy shares with its original all branches but those that an event touches.
struct WrittenPages: Sendable {
  private var branches: [[StoredPage?]] = []

  private static let branchSize = 32

  subscript(page: Int) -> StoredPage? {
    get {
      let branch = page / Self.branchSize
      return branch < branches.count ? branches[branch][page % Self.branchSize] : nil
    }
    set {
      let branch = page / Self.branchSize
      guard newValue != nil || branch < branches.count else { return }
      while branches.count <= branch { branches.append(Array(repeating: nil, count: Self.branchSize)) }
      branches[branch][page % Self.branchSize] = newValue
    }
  }
}

/// Where the states of a build's tasks stand, and what they are.
package struct StoredPages: Sendable {
  enum Place: Sendable {
    /// In the record: the stored form of each page, which is empty where nothing has happened to any task.
    case record([[UInt8]])
    /// Each page in an object of its own.
    case objects([PageName])
  }

  /// Without any page when nothing is stored yet, or all of it in the earliest form.
  var place = Place.record([])
  private(set) var table = TaskTable(count: 0)
  /// What was written here of its pages, never of another state than is in it.
  private(set) var written = WrittenPages()
  /// Objects that hold the same in an earlier form, and are not written any more.
  var earlier: [String] = []

  package init() {}

  /// - Parameter written: pages of the same table.
  init(_ place: Place, _ table: TaskTable, written: WrittenPages = WrittenPages()) {
    (self.place, self.table, self.written) = (place, table, written)
  }

  /// Takes other tasks over.
  mutating func take(_ table: TaskTable, written: WrittenPages = WrittenPages()) {
    (self.table, self.written) = (table, written)
  }

  /// Takes a page over that was read.
  mutating func take(_ page: TaskTable.Page, at index: Int) {
    table[page: index] = page
    written[index] = nil
  }

  /// The names of its objects.
  var names: [PageName] {
    if case .objects(let names) = place { names } else { [] }
  }

  /// Whether its pages are worth remembering: one alone is read as quickly as it is looked up.
  package var isLarge: Bool { table.pageCount > 1 }

  /// What of its objects is of use in a state with so many tasks: when tasks join a build, its last page grows, and pages
  /// follow. A page without any is untouched.
  func objects(for tasks: Int) -> (names: [PageName], table: TaskTable, written: WrittenPages) {
    let known = names
    let count = TaskTable.pageCount(of: tasks)
    guard table.count != tasks || known.count != count else { return (known, table, written) }
    var fitting = (
      names: [PageName](repeating: .untouched, count: count), table: TaskTable(count: tasks), written: WrittenPages()
    )
    for page in 0..<min(count, known.count)
    where TaskTable.pageSize(at: page, of: tasks) == TaskTable.pageSize(at: page, of: table.count) {
      fitting.names[page] = known[page]
      fitting.table[page: page] = table[page: page]
      fitting.written[page] = written[page]
    }
    return fitting
  }

  /// The objects that are not in another state: a page stands in the same place in all of them.
  package func objects(notIn other: StoredPages) -> [String] {
    let names = names
    let gone = PageName.positions(of: names, notIn: other.names).map { names[$0] }.filter { $0 != .untouched }
    return gone.map { $0.text } + (other.earlier.isEmpty ? earlier : [])
  }
}
