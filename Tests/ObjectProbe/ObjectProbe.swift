import FileObjectStorage
import Glibc
import ObjectStorage
import RadosObjectStorage

/// A process that works on a store until the suite kills it, or that measures one:
/// `object-probe put|blob|count|measure ADDRESS KEY`.
@main struct ObjectProbe {
  static func main() async throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 4 else { exit(64) }
    let store = try await open(arguments[2])
    let key = ObjectKey(arguments[3])
    switch arguments[1] {
    case "put": try await putForever(store, key)
    case "blob": _ = try await store.putBlob(key, from: EndlessChunks(acknowledges: true))
    case "count": try await Counter(store: store, index: key).increment(times: 125)
    case "measure": try await Measurement(store: store, key: key).run()
    default: exit(64)
    }
    await store.close()
  }

  /// - Parameter address: `rados://…`, or the path of a folder.
  static func open(_ address: String) async throws -> any ObjectStore {
    if address.hasPrefix("rados:") { return try await RadosObjectStore(url: address) }
    return try await FileObjectStore(folder: address)
  }

  private static func putForever(_ store: any ObjectStore, _ key: ObjectKey) async throws {
    for generation in 1... {
      try await store.put(Pattern.bytes(generation), at: key)
      acknowledge(generation)
    }
  }
}

/// Tells the suite, in one system call.
func acknowledge(_ number: Int) {
  let line = Array("\(number)\n".utf8)
  _ = unsafe line.withUnsafeBytes { unsafe write(STDOUT_FILENO, $0.baseAddress, $0.count) }
}
