import ObjectStorage
import Testing

@testable import RadosObjectStorage

@Suite("The address of a pool") struct RadosAddressTests {
  @Test("names the pool, the configuration, the client and the namespace")
  func whole() throws {
    let address = try RadosAddress("rados://distci?conf=/etc/ceph/a%20b.conf&name=client.ci&namespace=x")
    #expect(address.pool == "distci")
    #expect(address.configuration == "/etc/ceph/a b.conf")
    #expect(address.client == "client.ci")
    #expect(address.namespace == "x")
    #expect(try RadosAddress("rados://p?name=client.ci&conf=c").namespace == "")
  }

  @Test(
    "is refused when it lacks something, or has something that means nothing",
    arguments: [
      "", "distci", "rados:", "rados://?conf=c&name=n", "rados://p", "rados://p?conf=c", "rados://p?name=n",
      "ceph://p?conf=c&name=n", "rados://p/x?conf=c&name=n", "rados://p?conf=c&name=n&nmespace=x",
    ])
  func malformed(_ url: String) {
    #expect { try RadosAddress(url) } throws: { ($0 as? ObjectStoreError)?.code == .refused }
  }
}
