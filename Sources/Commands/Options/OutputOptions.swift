import ArgumentParser

/// How a command prints.
struct OutputOptions: ParsableArguments {
  @Flag(name: .long, help: "Print JSON for machines, with the same bodies as the HTTP API.")
  var json = false
}

/// A command that can print JSON; its errors are JSON then, too.
protocol PrintsJSON: AsyncParsableCommand {
  var output: OutputOptions { get }
}
