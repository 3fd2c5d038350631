import Foundation
import ObjectStorage
import RadosObjectStorage

/// A namespace of its own in the pool that `DISTCI_TEST_RADOS` names.
struct RadosPlace: Place {
  struct Missing: Error, CustomStringConvertible {
    let description = """
      DISTCI_TEST_RADOS names no pool to test in: give it the rados:// URL of one, or leave out the tests that need \
      servers with DISTCI_TEST_BACKENDS=embedded
      """
  }

  let address: String
  private let command: [String]

  init() throws {
    guard let url = ProcessInfo.processInfo.environment["DISTCI_TEST_RADOS"], let parts = URLComponents(string: url),
      let pool = parts.host
    else { throw Missing() }
    let namespace = "test-\(UUID().uuidString)"
    func option(_ name: String) -> String { parts.queryItems?.first { $0.name == name }?.value ?? "" }
    address = "\(url)&namespace=\(namespace)"
    command = ["rados", "-c", option("conf"), "-n", option("name"), "-p", pool, "-N", namespace]
  }

  func open() async throws -> any ObjectStore {
    try await RadosObjectStore(url: address)
  }

  func remove() async throws {
    let names = try await Program(command + ["ls"]).output().split(separator: "\n").map(String.init)
    if !names.isEmpty { _ = try await Program(command + ["rm"] + names).output() }
  }
}
