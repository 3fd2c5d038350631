import Coordination

/// What a client asks of a server.
final class Request {
  enum Question {
    case node(NodePath, watch: Int?)
    case children(NodePath, watch: Int?)
    case transaction([Change])
    case synchronize
    case close
  }

  enum Answer {
    case node(Node?)
    case names([String]?)
    case done
  }

  let question: Question
  let reply = Reply<Answer>()

  init(_ question: Question) {
    self.question = question
  }

  /// Whether it can be asked again when its answer is lost.
  var isRepeatable: Bool {
    switch question {
    case .node, .children, .synchronize: true
    case .transaction, .close: false
    }
  }
}
