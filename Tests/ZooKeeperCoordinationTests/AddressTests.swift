import Model
import Testing
import ZooKeeperCoordination

@Suite("The address of a ZooKeeper store")
struct AddressTests {
  @Test(
    "is read from a URL",
    arguments: [
      ("zookeeper://a:1,b:2/ci", ["a:1", "b:2"], "/ci"),
      ("zookeeper://a", ["a:2181"], "/distci"),
      ("zookeeper://10.0.0.1/", ["10.0.0.1:2181"], "/distci"),
      ("zookeeper://[::1]:21,[::2]/a/b", ["[::1]:21", "[::2]:2181"], "/a/b"),
    ])
  func parses(url: String, servers: [String], chroot: String) throws {
    let address = try ZooKeeperAddress(url: url)
    #expect(address.servers == servers)
    #expect(address.chroot == chroot)
    #expect(try ZooKeeperAddress(url: address.description) == address)
  }

  @Test("may name the timeout of sessions")
  func timeout() throws {
    let address = try ZooKeeperAddress(url: "zookeeper://a/ci?timeout=2s")
    #expect(address.chroot == "/ci" && address.timeout == 2)
    #expect(try ZooKeeperAddress(url: address.description) == address)
    #expect(try ZooKeeperAddress(url: "zookeeper://a/ci").timeout == nil)
  }

  @Test(
    "is refused with what is wrong in it",
    arguments: [
      ("http://a/ci", "http://a/ci"),
      ("zookeeper:///ci", "names no server"),
      ("zookeeper://a,,b/ci", "''"),
      ("zookeeper://a:0/ci", "'0'"),
      ("zookeeper://a:65536/ci", "'65536'"),
      ("zookeeper://a:+1/ci", "'+1'"),
      ("zookeeper://a:/ci", "''"),
      ("zookeeper://a b/ci", "' '"),
      ("zookeeper://user@a/ci", "'@'"),
      ("zookeeper://a/ci?x=1", "'x=1'"),
      ("zookeeper://a/ci?timeout=2", "\"2\""),
      ("zookeeper://a/ci?timeout=1h", "1h"),
      ("zookeeper://a/ci?timeout=2s&x=1", "\"2s&x=1\""),
      ("zookeeper://a/ci/", "'/ci/'"),
      ("zookeeper://a//ci", "'//ci'"),
      ("zookeeper://a/../ci", "'/../ci'"),
      ("zookeeper://a/zookeeper/config", "belongs to ZooKeeper"),
      ("zookeeper://a/\(String(repeating: "x", count: 100))", "101 bytes"),
    ])
  func refuses(url: String, reason: String) {
    let error = #expect(throws: ValidationError.self) { try ZooKeeperAddress(url: url) }
    #expect(error?.message.contains(reason) == true)
    #expect(error?.remedy.isEmpty == false)
  }
}
