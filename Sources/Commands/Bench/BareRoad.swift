/// What can lie between a trigger and a first instruction, on the raw store.
protocol BareRoad: Sendable {
  /// Goes from the trigger to the start of the process that stamps with this number.
  ///
  /// - Parameter hops: 2 as where one process plans the build and another does its task, which is the yardstick; 1 is the
  ///   least there can be, and what a build takes whose only task is posted with it.
  func go(_ number: Int, hops: Int) async throws
  func close() async throws
}
