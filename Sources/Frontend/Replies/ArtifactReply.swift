import Hummingbird
import Model
import NIOCore
import ObjectStorage

/// Answers that carry an artifact. It is hostile: no browser may take it for a page of ours, so it is only ever saved.
enum ArtifactReply {
  static func headers(_ artifact: ArtifactView) -> HTTPFields {
    [
      .contentType: "application/octet-stream", .contentDisposition: ContentDisposition.attachment(artifact.path),
      .contentSecurityPolicy: "sandbox; default-src 'none'", .eTag: "\"\(artifact.sha256)\"", .acceptRanges: "bytes",
      .cacheControl: "private, no-cache",
    ]
  }

  static func stretch(
    _ range: Range<Int>, _ artifact: ArtifactView, _ blob: Blob, _ status: HTTPResponse.Status
  ) -> Response {
    let body = ResponseBody(contentLength: range.count) { writer in
      for try await chunk in blob.read(range) { try await writer.write(ByteBuffer(bytes: chunk)) }
      try await writer.finish(nil)
    }
    return Response(status: status, headers: headers(artifact), body: body)
  }
}
