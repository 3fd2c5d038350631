import Foundation

/// The header that makes a browser save what it gets.
enum ContentDisposition {
  /// - Parameter path: its last component becomes the file's name. Hostile text.
  static func attachment(_ path: String) -> String {
    let name = String(path.split(separator: "/").last ?? "artifact")
    let plain = String(name.unicodeScalars.map { simple.contains($0) ? Character($0) : "_" })
    let encoded = name.addingPercentEncoding(withAllowedCharacters: simple) ?? plain
    return "attachment; filename=\"\(plain)\"; filename*=UTF-8''\(encoded)"
  }

  /// Those that mean themselves in both forms.
  private static let simple = CharacterSet(
    charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_")
}
