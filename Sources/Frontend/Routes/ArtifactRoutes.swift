import Hummingbird
import Model
import ObjectStorage
import SharedRepository

enum ArtifactRoutes {
  static let routes = [
    Route(.get, "/api/v1/jobs/{job}/builds/{build}/artifacts", .read) { call in
      try Reply.json(try await call.repository().artifacts(of: call.build()))
    },
    Route(.get, "/api/v1/jobs/{job}/builds/{build}/artifacts/**", .read, content),
  ]

  @Sendable private static func content(_ call: Call) async throws -> Response {
    let path = try call.rest()
    let (artifact, blob) = try await call.repository().artifact(of: call.build(), path: path)
    let tag = "\"\(artifact.sha256)\""
    if call.request.headers[.ifNoneMatch] == tag {
      return Response(status: .notModified, headers: ArtifactReply.headers(artifact))
    }
    let isCurrent = call.request.headers[.ifRange].map { $0 == tag } ?? true
    guard isCurrent, let range = ByteRange(call.request.headers[.range]) else {
      return ArtifactReply.stretch(0..<blob.size, artifact, blob, .ok)
    }
    guard let part = range.resolved(in: blob.size) else { throw LogRoutes.outside(blob.size) }
    var response = ArtifactReply.stretch(part, artifact, blob, .partialContent)
    response.headers[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(blob.size)"
    return response
  }
}
