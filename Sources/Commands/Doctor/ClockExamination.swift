import Model

/// Compares this host's clock with the server's. Nothing depends on clocks being right, but people read what they say.
package struct ClockExamination: Sendable {
  private let client: ServerClient

  /// An answer's date has no fractions of a second, and takes its time to come.
  package static let tolerance = Duration.seconds(5)

  package init(client: ServerClient) {
    self.client = client
  }

  package func finding() async -> Finding {
    do {
      guard let difference = try await client.clockDifference() else {
        return .good("clock", "not compared: \(client.server) does not say what time it is there")
      }
      let seconds = abs(difference.components.seconds)
      let side = difference < .zero ? "behind" : "ahead of"
      guard seconds <= Self.tolerance.components.seconds else {
        return .bad(
          "clock", "\(client.server) is \(DurationText.text(.seconds(seconds))) \(side) this host",
          remedy: "keep the clocks of all hosts right, with chrony or systemd-timesyncd")
      }
      return .good("clock", "within \(Self.tolerance.components.seconds) s of \(client.server)")
    } catch let failure as CommandFailure {
      return .bad("server", failure.message, remedy: failure.remedy)
    } catch {
      return .bad("server", "\(client.server) cannot be asked: \(error)", remedy: "try again")
    }
  }
}
