import Crypto

/// The proof that a webhook comes from who knows a secret.
struct WebhookSignature {
  private let code: [UInt8]

  /// - Parameter header: `sha256=` and 64 hexadecimal digits; anything else is `nil`.
  init?(_ header: String) {
    guard header.hasPrefix("sha256="), let code = Self.bytes(ofHex: header.dropFirst(7)), code.count == 32 else {
      return nil
    }
    self.code = code
  }

  /// Whether it is that of the body under one of the secrets. Takes the same time whichever bytes differ.
  ///
  /// - Parameter body: as it was received, before anything was read from it.
  func isValid(of body: [UInt8], secrets: [String]) -> Bool {
    // All are tried, so that the time does not tell which one it was.
    secrets.filter { !$0.isEmpty }.reduce(false) { found, secret in
      let key = SymmetricKey(data: Array(secret.utf8))
      return HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: body, using: key) || found
    }
  }

  private static func bytes(ofHex text: Substring) -> [UInt8]? {
    let digits = Array(text.utf8)
    guard digits.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let high = value(of: digits[index]), let low = value(of: digits[index + 1]) else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes
  }

  private static func value(of digit: UInt8) -> UInt8? {
    switch digit {
    case 0x30...0x39: digit - 0x30
    case 0x61...0x66: digit - 0x61 + 10
    case 0x41...0x46: digit - 0x41 + 10
    default: nil
    }
  }
}
