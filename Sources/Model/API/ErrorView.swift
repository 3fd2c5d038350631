/// What went wrong, as the API says it.
package struct ErrorView: Hashable, Sendable, Codable, Error {
  /// One word for programs, such as `not-found`.
  package var code: String
  package var message: String
  package var remedy: String
  /// Everything that is wrong with a job file, when it is one that was refused.
  package var diagnostics: [DiagnosticView]?

  package init(code: String, message: String, remedy: String, diagnostics: [DiagnosticView]? = nil) {
    self.code = code
    self.message = message
    self.remedy = remedy
    self.diagnostics = diagnostics
  }
}

/// One thing that is wrong with a job file, as the API says it.
package struct DiagnosticView: Hashable, Sendable, Codable {
  package var file: String
  /// Counted from 1.
  package var line: Int
  /// In characters, counted from 1.
  package var column: Int
  /// Where in the structure, such as `tasks[2].needs[0]`; empty for the file as a whole.
  package var path: String
  package var message: String
  package var remedy: String

  package init(_ diagnostic: Diagnostic) {
    file = diagnostic.file
    line = diagnostic.line
    column = diagnostic.column
    path = diagnostic.path
    message = diagnostic.message
    remedy = diagnostic.remedy
  }
}
