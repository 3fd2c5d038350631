import ArgumentParser

struct BenchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measure this program on this machine.",
    subcommands: [BenchDispatch.self, BenchReduce.self])
}
