import ArgumentParser
import Model

struct ScaleCommand: PrintsJSON {
  static let configuration = CommandConfiguration(
    commandName: "scale", abstract: "Set how many slots the pools of all hosts run, or show it.",
    discussion: """
      Hosts on which 'distci worker pool' runs share the wanted number of slots out
      among themselves. A class of slots is a kind of task and the labels that its
      slots offer; it is set to a number, or to bounds between which the number
      follows the load: it grows when tickets wait for longer than --target-wait,
      and shrinks when slots have been idle for five times as long.

      Without a kind it lists what is wanted, what runs, and what waits.

      EXAMPLES
        distci scale
        distci scale execute-shell --label linux=8
        distci scale execute-shell --label linux=8 --label mac=2  (two classes)
        distci scale execute-shell --label linux --label x86 --slots 8  (one class)
        distci scale build-control --slots 2
        distci scale execute-shell --label linux --min 1 --max 8 --target-wait 30s
        distci scale execute-shell --label linux=0  (ends them)
      """)

  @Argument(help: ArgumentHelp("The kind of task that the slots take.", valueName: "kind"))
  var kind: String?

  @Option(
    help: ArgumentHelp(
      "A label that the slots offer, or LABEL=NUMBER for a class with this label alone. May be given several times.",
      valueName: "label"))
  var label: [String] = []

  @Option(help: ArgumentHelp("How many slots are wanted.", valueName: "number"))
  var slots: Int?

  @Option(name: .customLong("min"), help: ArgumentHelp("The fewest slots. The default is 0.", valueName: "number"))
  var least: Int?

  @Option(name: .customLong("max"), help: ArgumentHelp("The most slots.", valueName: "number"))
  var most: Int?

  @Option(
    help: ArgumentHelp(
      "How long a ticket may wait before there are more slots, such as 90s or 5m. The default is 30s.",
      valueName: "duration"))
  var targetWait: String?

  @OptionGroup var server: ServerOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if let kind, TaskKind(rawValue: kind) == nil {
      let known = TaskKind.allCases.map(\.rawValue).joined(separator: ", ")
      throw ArgumentParser.ValidationError("\(kind) is no kind of task; write \(known)")
    }
    if kind == nil, !label.isEmpty || slots != nil || least != nil || most != nil || targetWait != nil {
      throw ArgumentParser.ValidationError("name the kind of task, such as distci scale execute-shell --slots 8")
    }
  }

  func run() async throws {
    let client = try server.client()
    guard let kind = kind.flatMap({ TaskKind(rawValue: $0) }) else { return try await print(try await client.scale()) }
    let arguments = ScaleArguments(labels: label, slots: slots, min: least, max: most, targetWait: targetWait)
    var views: [ScaleView] = []
    for (queue, request) in try arguments.requests(kind) {
      views.append(try await client.setScale(of: queue, to: request))
    }
    try await print(views)
  }

  private func print(_ views: [ScaleView]) async throws {
    let console = Console.current
    guard !output.json else { return try await console.print(json: views) }
    var table = Table("KIND", "LABELS", "WANTED", "RUNNING", "WAITING", "FOLLOWS THE LOAD")
    for view in views {
      let labels = view.labels.map(\.rawValue).joined(separator: ",")
      let automatic = view.automatic.map { "\($0.min) to \($0.max), target wait \($0.targetWait)" }
      table.add(
        "\(view.kind.rawValue)", "\(labels.isEmpty ? "-" : labels)", "\(String(view.wanted))",
        "\(String(view.running))", "\(String(view.waiting))", "\(automatic ?? "-")")
    }
    try await console.print(table.text(colours: console.colouredOutput))
  }
}
