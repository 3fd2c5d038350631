/// What a kind of name is called in an error message.
package protocol NameKind {
  static var noun: String { get }
}

/// A name that users choose: `[A-Za-z0-9][A-Za-z0-9._-]{0,127}`. It is safe as a path component, as a node name and in
/// a page, so nothing that holds one needs to escape it.
package struct Name<Kind: NameKind>: Hashable, Sendable, Comparable, CustomStringConvertible {
  package let rawValue: String

  /// - Throws: ``ValidationError`` when `rawValue` does not match the pattern.
  package init(_ rawValue: String) throws(ValidationError) {
    guard Self.isValid(rawValue) else {
      throw ValidationError(
        "\(rawValue.prefix(160).debugDescription) is not a \(Kind.noun) name",
        remedy: "start with a letter or digit, then use letters, digits, '.', '_' and '-', 128 characters at most")
    }
    self.rawValue = rawValue
  }

  package var description: String { rawValue }

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  private static func isValid(_ text: String) -> Bool {
    guard let first = text.utf8.first, text.utf8.count <= 128 else { return false }
    return first.isNameStart && text.utf8.allSatisfy { $0.isNameStart || $0 == 0x2E || $0 == 0x5F || $0 == 0x2D }
  }
}

extension UInt8 {
  fileprivate var isNameStart: Bool {
    (0x30...0x39).contains(self) || (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self)
  }
}

extension Name: Codable {
  package init(from decoder: any Decoder) throws {
    self = try Name(try decoder.singleValueContainer().decode(String.self))
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rawValue)
  }
}

extension Name: CodingKeyRepresentable {
  package var codingKey: any CodingKey { rawValue.codingKey }

  package init?<Key: CodingKey>(codingKey: Key) {
    try? self.init(codingKey.stringValue)
  }
}

package enum JobNameKind: NameKind { package static let noun = "job" }
package enum TaskNameKind: NameKind { package static let noun = "task" }
package enum ParameterNameKind: NameKind { package static let noun = "parameter" }
package enum LabelKind: NameKind { package static let noun = "label" }
package enum DeployTargetKind: NameKind { package static let noun = "deploy environment" }

package typealias JobName = Name<JobNameKind>
package typealias TaskName = Name<TaskNameKind>
package typealias ParameterName = Name<ParameterNameKind>
package typealias Label = Name<LabelKind>
/// An environment that builds are deployed to, such as `stage`.
package typealias DeployTarget = Name<DeployTargetKind>
