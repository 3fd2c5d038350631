import Hummingbird
import NIOCore

/// The pages: one shell, whose script asks the API for what it shows.
enum PageRoutes {
  static let routes = [
    Route(.get, "/", .read, shell),
    Route(.get, "/jobs/{job}", .read, shell),
    Route(.get, "/jobs/{job}/builds/{build}", .read, shell),
    Route(.get, "/environments", .read, shell),
    Route(.get, "/environments/{environment}", .read, shell),
    Route(.get, "/workers", .read, shell),
    Route(.get, "/assets/app.js", .open) { _ in asset(PackageResources.app_js, "text/javascript; charset=utf-8") },
    Route(.get, "/assets/style.css", .open) { _ in asset(PackageResources.style_css, "text/css; charset=utf-8") },
    Route(.get, "/assets/icon.svg", .open) { _ in asset(PackageResources.icon_svg, "image/svg+xml") },
  ]

  @Sendable private static func shell(_ call: Call) -> Response {
    asset(PackageResources.index_html, "text/html; charset=utf-8")
  }

  private static func asset(_ bytes: [UInt8], _ type: String) -> Response {
    Response(
      status: .ok, headers: [.contentType: type, .cacheControl: "no-cache"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }
}
