import ArgumentParser

struct FrontendCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "frontend", abstract: "Serve the API, the webhooks and the pages.",
    discussion: """
      Keeps no state: any number of frontends may serve the same stores, and any may
      be killed at any time.

      The secret that GitHub signs webhooks with comes from
      DISTCI_GITHUB_WEBHOOK_SECRET, or from the file that
      DISTCI_GITHUB_WEBHOOK_SECRET_FILE names; two lines are two secrets, while one
      replaces the other.

      EXAMPLES
        distci frontend --coordination zookeeper://zk1,zk2,zk3/distci \\
          --objects 'rados://distci?name=client.distci'
        distci frontend --listen 127.0.0.1:8081
      """)

  @OptionGroup var listen: ListenOptions
  @OptionGroup var stores: StoreOptions

  func run() async throws {
    let configuration = try listen.configuration()
    let host = ServerProcess(stores: try await Stores.open(stores), logger: .server("frontend"))
    try await host.run(frontend: configuration)
  }
}
