import ArgumentParser

/// Where the shared repository is.
struct StoreOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The coordination store: sqlite:PATH or zookeeper://HOST:PORT,HOST:PORT/CHROOT.",
      discussion: """
        Also DISTCI_COORDINATION. The default is a folder of SQLite files below --data. After a ZooKeeper CHROOT, \
        ?timeout=6s says how long a lost process keeps what it had.
        """,
      valueName: "url"))
  var coordination: String?

  @Option(
    help: ArgumentHelp(
      "The object store: file:PATH or rados://POOL?conf=FILE&name=client.NAME.",
      discussion: "Also DISTCI_OBJECTS. The default is a folder of files below --data.",
      valueName: "url"))
  var objects: String?

  @Option(
    help: ArgumentHelp(
      "The folder for everything that this process keeps on disk.",
      discussion: "Also DISTCI_DATA. The default is $XDG_DATA_HOME/distci, or ~/.local/share/distci.",
      valueName: "directory"))
  var data: String?
}
