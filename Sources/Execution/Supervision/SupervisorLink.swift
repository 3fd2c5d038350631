internal import CExecution

/// The way from a supervised process to the one that looks after it.
package final class SupervisorLink: Sendable {
  private let link: MessageLink

  /// The link that this process was started with; `nil` when nobody supervises it. To be called once, before this process
  /// starts others.
  package static func inherited() -> SupervisorLink? {
    let descriptor = distci_supervisor_link()
    return descriptor < 0 ? nil : SupervisorLink(MessageLink(descriptor))
  }

  private init(_ link: MessageLink) {
    self.link = link
  }

  /// Tells the supervisor something.
  package func send(_ text: String) { link.send(text) }

  /// Returns when the supervisor is gone, however it ended; at once when the task is cancelled. To be called once.
  package func ended() async {
    await withTaskCancellationHandler {
      while await link.next() != nil {}
    } onCancel: {
      link.release()
    }
  }
}
