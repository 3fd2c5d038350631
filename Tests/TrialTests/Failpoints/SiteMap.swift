import Foundation
import Testing

/// What the maps of the stores list, as the names of failpoints have it: whoever adds to a map is told by the trial when
/// nobody is killed there.
struct SiteMap {
  /// Rows, as they stand in the maps.
  let rows: [String]
  private let patterns: [String: Regex<Substring>]

  /// Reads the tables of the maps' documentation.
  init() throws {
    let nodes = try Self.rows(of: "Coordination/Map/NodeMap.swift").flatMap { $0.components(separatedBy: " and ") }
    let objects = try Self.rows(of: "SharedRepository/ObjectMap.swift")
      .map { $0.replacingOccurrences(of: "…/", with: "builds/JOB/NUMBER/TASK/") }
    rows = (nodes + objects).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    try #require(rows.count > 30 && rows.contains("/slots/HASH/WORKER/SLOT") && rows.contains("indexes/jobs"))
    patterns = try Dictionary(uniqueKeysWithValues: rows.map { ($0, try Self.pattern($0)) })
  }

  /// The rows that none of the sites writes.
  func unwritten(by sites: Set<String>) -> Set<String> {
    Set(rows.filter { row in !sites.contains { site in patterns[row].map { site.contains($0) } ?? false } })
  }

  private static func rows(of map: String) throws -> [String] {
    let root = #filePath.replacingOccurrences(of: "/Tests/TrialTests/Failpoints/SiteMap.swift", with: "/Sources/")
    let text = try String(contentsOfFile: root + map, encoding: .utf8)
    let lines = text.split(separator: "\n").filter { $0.hasPrefix("/// | `") }
    return lines.compactMap { $0.split(separator: "|").dropFirst().first }
      .map { $0.replacingOccurrences(of: "`", with: "").trimmingCharacters(in: .whitespaces) }
  }

  /// `/queues/KIND/LABELS` is written by `create /queues/execute-shell/*`.
  private static func pattern(_ row: String) throws -> Regex<Substring> {
    let isNode = row.hasPrefix("/")
    let parts = row.split(separator: "/").enumerated().map { index, name in
      if name == "KIND" { return "[a-z-]+" }
      let isName = index == 0 || (!isNode && (index == 1 && row.hasPrefix("indexes") || index > 4))
      return isName && name.contains(where: \.isLowercase) ? String(name) : #"\*"#
    }
    let path = parts.joined(separator: "/")
    // Large objects and growing ones are in numbered pieces.
    let expression = isNode ? "(?:create|write) /\(path)" : #"(?:put|write|update) \#(path)(?:/\*)?"#
    return try Regex("(?:^| )\(expression)(?: |$)", as: Substring.self)
  }
}
