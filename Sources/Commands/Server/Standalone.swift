import ArgumentParser
import Foundation
import Frontend
import Model

struct Standalone: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "standalone", abstract: "Run everything in one process: all that one machine needs.",
    discussion: """
      A frontend and workers of every kind, on SQLite and plain files below --data.
      When the machine is outgrown, start frontends and workers by themselves, on
      ZooKeeper and Ceph; jobs and commands stay the same.

      Listens on this machine only, so tasks may check out its repositories (file://
      and paths); not so with --listen elsewhere or a --public-name, unless
      --allow-local-repositories is given.

      EXAMPLES
        distci standalone
        distci standalone --data /var/lib/distci --listen 127.0.0.1:9090 --label linux
      """)

  @OptionGroup var listen: ListenOptions
  @OptionGroup var stores: StoreOptions
  @OptionGroup var options: WorkerOptions

  @Option(
    help: ArgumentHelp("How many shell tasks run at a time. The default is one for each core.", valueName: "number"))
  var slots: Int?

  func validate() throws {
    guard slots.map((1...1_000).contains) ?? true else {
      throw ArgumentParser.ValidationError("--slots is 1 to 1000")
    }
  }

  func run() async throws {
    let configuration = try listen.configuration()
    let shells = slots ?? max(2, ProcessInfo.processInfo.activeProcessorCount)
    let offer = try options.offer([
      .buildControl: 4, .gitCheckout: 2, .executeShell: shells, .publishArtifacts: 2, .copyArtifacts: 2,
      .gitPromote: 1,
    ])
    let stores = try await Stores.open(stores)
    let host = ServerProcess(stores: stores, logger: .server("standalone"))
    let address = "http://\(configuration.host):\(configuration.port)"
    try await host.run(
      frontend: configuration,
      worker: WorkerSettings(
        offer: offer, takesOne: false,
        configuration: options.configuration(
          folder: stores.folder, serverURL: configuration.port == 0 ? nil : address,
          allowsLocal: configuration.isLoopback && configuration.publicNames.isEmpty),
        drainTimeout: .seconds(options.drainTimeout ?? 10)))
  }
}
