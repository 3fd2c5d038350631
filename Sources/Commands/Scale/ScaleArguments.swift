package import Model

/// What `distci scale KIND` is told: one class of slots, or several that have one label each.
package struct ScaleArguments: Hashable, Sendable {
  /// `NAME`, or `NAME=NUMBER`.
  package var labels: [String]
  package var slots: Int?
  package var min: Int?
  package var max: Int?
  package var targetWait: String?

  package init(labels: [String], slots: Int? = nil, min: Int? = nil, max: Int? = nil, targetWait: String? = nil) {
    self.labels = labels
    self.slots = slots
    self.min = min
    self.max = max
    self.targetWait = targetWait
  }

  /// What is to be set, class by class.
  ///
  /// - Throws: ``CommandFailure`` with `usage`.
  package func requests(_ kind: TaskKind) throws(CommandFailure) -> [(QueueClass, ScaleRequest)] {
    let isNumbered = labels.contains { $0.contains("=") }
    guard isNumbered else {
      let queue = QueueClass(kind: kind, labels: try labels.map { text throws(CommandFailure) in try label(text) })
      return [(queue, try checked(ScaleRequest(wanted: slots, min: min, max: max, targetWait: targetWait)))]
    }
    guard slots == nil, min == nil, max == nil, targetWait == nil, labels.allSatisfy({ $0.contains("=") }) else {
      throw CommandFailure(
        .usage, "--label LABEL=NUMBER says everything about a class of slots with that one label",
        remedy: "for a class with several labels write --label LABEL --label LABEL --slots NUMBER")
    }
    var requests: [(QueueClass, ScaleRequest)] = []
    for text in labels {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let number = Int(parts[1]) else {
        throw CommandFailure(
          .usage, "'\(text.prefix(160))' does not end in a number", remedy: "write LABEL=NUMBER, such as linux=8")
      }
      let queue = QueueClass(kind: kind, labels: [try label(String(parts[0]))])
      guard !requests.contains(where: { $0.0 == queue }) else {
        throw CommandFailure(.usage, "the label \(parts[0]) is given twice", remedy: "give it once")
      }
      requests.append((queue, try checked(ScaleRequest(wanted: number))))
    }
    return requests
  }

  private func checked(_ request: ScaleRequest) throws(CommandFailure) -> ScaleRequest {
    do throws(Model.ValidationError) {
      _ = try request.setting()
      return request
    } catch {
      throw CommandFailure(.usage, error.message, remedy: error.remedy)
    }
  }

  private func label(_ text: String) throws(CommandFailure) -> Label {
    do throws(Model.ValidationError) {
      return try Label(text)
    } catch {
      throw CommandFailure(.usage, error.message, remedy: error.remedy)
    }
  }
}
