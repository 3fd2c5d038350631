import Testing

@testable import SharedRepository

struct RequestIDTests {
  @Test func `each is 32 hexadecimal digits, and another one`() {
    let made = (0..<2_000).map { _ in RequestID.make() }
    #expect(made.allSatisfy { $0.utf8.count == 32 && $0.allSatisfy { $0.isHexDigit && !$0.isUppercase } })
    #expect(Set(made).count == made.count)
  }
}
