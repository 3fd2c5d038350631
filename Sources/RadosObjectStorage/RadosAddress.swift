import Foundation
import ObjectStorage

/// Where the objects are: `rados://POOL?conf=FILE&name=client.NAME`, with `&namespace=NAMESPACE` where several stores
/// share one pool.
struct RadosAddress {
  let pool: String
  /// The path of a `ceph.conf`.
  let configuration: String
  let client: String
  let namespace: String

  init(_ url: String) throws(ObjectStoreError) {
    guard let parts = URLComponents(string: url), parts.scheme == "rados", let pool = parts.host, !pool.isEmpty,
      parts.path.isEmpty
    else { throw Self.malformed("it does not name a pool") }
    var options: [String: String] = [:]
    for item in parts.queryItems ?? [] {
      guard ["conf", "name", "namespace"].contains(item.name) else { throw Self.malformed("unknown \(item.name)") }
      options[item.name] = item.value
    }
    guard let configuration = options["conf"] else { throw Self.malformed("it lacks conf") }
    guard let client = options["name"] else { throw Self.malformed("it lacks name") }
    self.pool = pool
    self.configuration = configuration
    self.client = client
    self.namespace = options["namespace"] ?? ""
  }

  private static func malformed(_ reason: String) -> ObjectStoreError {
    ObjectStoreError(
      .refused, message: "not the address of objects: \(reason); write rados://POOL?conf=FILE&name=client.NAME")
  }
}
