/// A job file that holds no valid job.
package struct InvalidJobFile: Error, Hashable, Sendable, CustomStringConvertible {
  /// Never empty; in the file's order.
  package let diagnostics: [Diagnostic]

  /// One line for each.
  package var description: String { diagnostics.map(\.description).joined(separator: "\n") }
}
