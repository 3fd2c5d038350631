/// The order of tasks, by their places in the file.
enum TaskGraph {
  /// Finds circles of needs, none of which share a task. Each starts at its first task, and every task in it needs the
  /// next. Takes time linear in the number of tasks and needs, for each circle found.
  static func cycles(needs: [[Int]]) -> [[Int]] {
    var remaining = Set(needs.indices)
    var cycles: [[Int]] = []
    while true {
      removeOrdered(&remaining, needs)
      guard let start = remaining.min() else { return cycles }
      let cycle = walk(from: start, within: remaining, needs)
      cycles.append(cycle)
      remaining.subtract(cycle)
    }
  }

  /// Removes all tasks that can be ordered: what stays needs something that stays.
  private static func removeOrdered(_ remaining: inout Set<Int>, _ needs: [[Int]]) {
    var open = Array(repeating: 0, count: needs.count)
    var dependents: [[Int]] = Array(repeating: [], count: needs.count)
    for task in remaining {
      for need in needs[task] where remaining.contains(need) {
        open[task] += 1
        dependents[need].append(task)
      }
    }
    var ready = remaining.filter { open[$0] == 0 }
    while let task = ready.popFirst() {
      remaining.remove(task)
      for dependent in dependents[task] {
        open[dependent] -= 1
        if open[dependent] == 0 { ready.insert(dependent) }
      }
    }
  }

  private static func walk(from start: Int, within remaining: Set<Int>, _ needs: [[Int]]) -> [Int] {
    var path: [Int] = []
    var places: [Int: Int] = [:]
    var task = start
    while places[task] == nil {
      places[task] = path.count
      path.append(task)
      guard let next = needs[task].first(where: remaining.contains) else { return path }
      task = next
    }
    let cycle = path[(places[task] ?? 0)...]
    let first = cycle.indices.min { cycle[$0] < cycle[$1] } ?? cycle.startIndex
    return Array(cycle[first...] + cycle[..<first])
  }
}
