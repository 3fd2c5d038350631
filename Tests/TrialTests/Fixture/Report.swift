import Foundation

/// Writes a line for who follows the trials, at once: `print` would keep it until there are many.
func say(_ line: String) {
  FileHandle.standardOutput.write(Data((line + "\n").utf8))
}

/// Says how long something took.
func report(_ what: String, _ since: ContinuousClock.Instant) {
  say("measured: \(what) \(ContinuousClock.now - since)")
}
