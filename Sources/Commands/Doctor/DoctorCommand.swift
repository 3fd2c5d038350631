import ArgumentParser
import Foundation
import Model

struct DoctorCommand: PrintsJSON {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Check the stores, this host and the workers.",
    discussion: """
      Looks at the stores that a worker with the same options would use: whether
      they answer, which format they have, and who works on them; at this host: its
      tools, its disk, its clock against the server's. Says for each thing that is
      wrong how to mend it, and exits with 1 then. Changes nothing.

      EXAMPLES
        distci doctor
        distci doctor --coordination zookeeper://zk1:2181/distci \\
            --objects 'rados://distci?name=client.distci'
        distci doctor --json | jq '.[] | select(.isGood | not)'
      """)

  @OptionGroup var stores: StoreOptions
  @OptionGroup var server: ServerOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let console = Console.current
    let folder = Stores.folder(stores)
    var findings = try await HostExamination(folder: folder).findings()
    findings.append(await ClockExamination(client: try server.client()).finding())
    findings += await StoreExamination(options: stores).findings()
    if output.json {
      try await console.print(json: findings)
    } else {
      try await console.print(findings.text(colours: console.colouredOutput))
    }
    if findings.contains(where: { !$0.isGood }) { throw ExitStatus.failed }
  }
}
