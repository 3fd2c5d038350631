/// The least that can lie between a trigger and a first instruction, on the raw store.
protocol BareRoad: Sendable {
  /// Goes from the trigger to the start of the process that stamps with this number.
  func go(_ number: Int) async throws
  func close() async throws
}
