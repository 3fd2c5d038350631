import Foundation

/// The stored form of tasks' states: a byte for the version of the form, how many there are, and one after the other. Written
/// by hand, because it is what moving a build on costs most: as JSON that its types describe, it takes several times as long.
extension TaskTable {
  /// The version that is written. A program that knows a newer one reads this one as well.
  private static let version: UInt8 = 1

  /// What the text of the earliest version begins with: JSON, as Swift makes it up.
  private static let jsonBegin = UInt8(ascii: "[")

  package static func bytes(of page: Page) -> [UInt8] {
    var writer = ByteWriter(capacity: page.count * 100)
    writeHead(of: page, into: &writer)
    for task in page { task.write(into: &writer) }
    return writer.bytes
  }

  /// What comes before the tasks.
  static func writeHead(of page: Page, into writer: inout ByteWriter) {
    writer.add(version)
    writer.add(UInt64(page.count))
  }

  /// - Throws: `DecodingError` when the bytes are not a page of any version that is known.
  package static func page(of bytes: [UInt8]) throws -> Page {
    guard bytes.first != jsonBegin else { return try JSONBytes.decode(Page.self, from: bytes) }
    var reader = ByteReader(bytes)
    let version = try reader.byte()
    guard version == Self.version else {
      throw DecodingError.damaged("it has version \(version), and this program knows \(Self.version): use a newer one")
    }
    let count = try reader.count()
    var page: Page = []
    page.reserveCapacity(count)
    for _ in 0..<count { page.append(try TaskState(from: &reader)) }
    guard reader.remaining == 0 else { throw DecodingError.damaged("something follows") }
    return page
  }
}

extension TaskTable: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    // The earliest version was a list of objects.
    let data = try? container.decode(Data.self)
    let tasks = try data.map { try Self.page(of: Array($0)) } ?? container.decode([TaskState].self)
    self.init(count: tasks.count)
    for (index, task) in tasks.enumerated() where !task.isUntouched { self[index] = task }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(Data(Self.bytes(of: Array(self))))
  }
}
