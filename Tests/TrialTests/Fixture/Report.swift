/// Prints how long something took, for who reads the trials' output.
func report(_ what: String, _ since: ContinuousClock.Instant) {
  print("measured: \(what) \(ContinuousClock.now - since)")
}
