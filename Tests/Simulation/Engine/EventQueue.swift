/// What will happen, by time and then in the order in which it was planned: a binary heap.
struct EventQueue {
  struct Event {
    var time: Int
    var order: Int
    var action: () -> Void
  }

  private var heap: [Event] = []
  private var planned = 0

  var isEmpty: Bool { heap.isEmpty }

  mutating func add(at time: Int, _ action: @escaping () -> Void) {
    planned += 1
    heap.append(Event(time: time, order: planned, action: action))
    var child = heap.count - 1
    while child > 0, isBefore(child, (child - 1) / 2) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func next() -> Event? {
    guard let first = heap.first else { return nil }
    let last = heap.removeLast()
    if !heap.isEmpty {
      heap[0] = last
      sink()
    }
    return first
  }

  private mutating func sink() {
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && isBefore(child, least) { least = child }
      guard least != parent else { return }
      heap.swapAt(parent, least)
      parent = least
    }
  }

  private func isBefore(_ left: Int, _ right: Int) -> Bool {
    (heap[left].time, heap[left].order) < (heap[right].time, heap[right].order)
  }
}
