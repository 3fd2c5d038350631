import Coordination
import Testing

@Suite("Node paths") struct NodePathTests {
  @Test(
    "are made of components of letters, digits and a few signs",
    arguments: ["a", "AZaz09._~+=,-", "...", ".a", "a..", String(repeating: "n", count: 200)])
  func component(_ name: String) {
    #expect(NodePath.isComponent(name))
    #expect(NodePath("/\(name)") == .root / name)
    #expect(NodePath("/\(name)/b/\(name)").name == name)
  }

  @Test(
    "have no other components",
    arguments: [
      "", ".", "..", "a/b", "/", "a b", "ä", "a\0", "\n", "a:b", "%", "*", String(repeating: "n", count: 201),
    ])
  func noComponent(_ name: String) {
    #expect(!NodePath.isComponent(name))
  }
}
