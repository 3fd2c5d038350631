/// Reads job files: version 1, and the 2013 format as it was written then.
package enum JobFile {
  /// Reads a job.
  ///
  /// - Parameter file: what to call the file in diagnostics.
  /// - Throws: ``InvalidJobFile`` with everything that is wrong, up to ``JobLimits/diagnostics``; a text that is not JSON
  ///   gives one diagnostic.
  package static func parse(_ bytes: [UInt8], file: String) throws(InvalidJobFile) -> Job {
    let place = try read(
      bytes, file: file, .init(bytes: JobLimits.bytes, depth: JobLimits.depth, values: JobLimits.values))
    var reader = JobFileReader(file: file)
    let job = Format2013.isUsed(by: place.node) ? reader.job2013(place) : reader.job(place)
    guard let job, reader.diagnostics.isEmpty else {
      throw InvalidJobFile(diagnostics: reader.diagnostics.sorted { $0.position < $1.position })
    }
    return job
  }

  static func read(
    _ bytes: [UInt8], file: String, _ limits: JSONReader.Limits
  ) throws(InvalidJobFile) -> JSONPlace {
    do throws(JSONSyntaxError) {
      let root = try JSONReader.read(bytes, limits: limits)
      return JSONPlace(node: root, path: "")
    } catch {
      throw InvalidJobFile(diagnostics: [
        Diagnostic(
          file: file, position: error.position, path: "", code: .syntax, message: error.message, remedy: error.remedy)
      ])
    }
  }
}
