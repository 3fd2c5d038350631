import Model

extension DiagnosticView {
  /// `file:line:column: message (at path); remedy`, as compilers write it and editors read it.
  var text: String {
    "\(file):\(line):\(column): \(message)\(path.isEmpty ? "" : " (at \(path))"); \(remedy)"
  }
}
