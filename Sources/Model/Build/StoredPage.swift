/// A page as it is stored, with what it takes to store the next state of the same page for the price of what has changed.
///
/// What a task's state is made of lies all over the memory, and the tasks of a large build are too many to be near at hand: to
/// write again what stands on a page already takes longer than all else that is done with it.
package final class StoredPage: Sendable {
  package let bytes: [UInt8]
  private let page: TaskTable.Page
  /// Where what is written of each task begins, and at last where that of the last one places.
  private let places: [Int]

  /// - Parameter earlier: the same page, as it was stored before.
  package init(_ page: TaskTable.Page, after earlier: StoredPage? = nil) {
    var writer = ByteWriter(capacity: (earlier?.bytes.count ?? page.count * 100) + 200)
    TaskTable.writeHead(of: page, into: &writer)
    var places = [writer.bytes.count]
    places.reserveCapacity(page.count + 1)
    // In place: to copy a task out of its page takes longer than to write it.
    let tasks = page.span
    for index in tasks.indices {
      if let earlier, index < earlier.page.count, earlier.page[index] == tasks[index] {
        writer.add(earlier.bytes[earlier.range(of: index)])
      } else {
        tasks[index].write(into: &writer)
      }
      places.append(writer.bytes.count)
    }
    (self.page, self.places, bytes) = (page, places, writer.bytes)
    assert(earlier == nil || bytes == TaskTable.bytes(of: page), "what was stored is what it would be stored as")
  }

  private func range(of task: Int) -> Range<Int> { places[task]..<places[task + 1] }
}
