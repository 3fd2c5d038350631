import Foundation
import Model
import Testing

@testable import Commands

@Suite struct ArgumentTests {
  @Test(arguments: [("a=b", "a", "b"), ("a=", "a", ""), ("a=b=c", "a", "b=c"), ("r.e-f_1= x ", "r.e-f_1", " x ")])
  func `a parameter is a name and everything after the first sign`(_ text: String, _ name: String, _ value: String)
    throws
  {
    let argument = try ParameterArgument(text)
    #expect(argument.name.rawValue == name)
    #expect(argument.value == value)
  }

  @Test(arguments: ["", "a", "=b", "a b=c", "å=1"])
  func `anything else is no parameter`(_ text: String) {
    #expect(throws: Model.ValidationError.self) { try ParameterArgument(text) }
  }

  @Test func `a parameter is given once`() throws {
    let two = [try ParameterArgument("a=1"), try ParameterArgument("a=2")]
    #expect { try ParameterArgument.values(of: two) } throws: { ($0 as? CommandFailure)?.code == .usage }
  }

  @Test func `a log is that of a build or of a task`() throws {
    #expect(try LogTarget("library/12").task == nil)
    #expect(try LogTarget("library/12/test").task == TaskName("test"))
    #expect(try LogTarget("library/12/test").build == BuildID(parsing: "library/12"))
  }

  @Test(arguments: ["library", "library/x", "library/0", "library/1/", "library/1/a/b", "/1", ""])
  func `anything else names no log`(_ text: String) {
    #expect(throws: Model.ValidationError.self) { try LogTarget(text) }
  }

  @Test(arguments: [
    ("http://127.0.0.1:8080", "http://127.0.0.1:8080"), ("https://ci.example.org/", "https://ci.example.org"),
    ("http://[::1]:8080/ci//", "http://[::1]:8080/ci"),
  ])
  func `a server has a URL`(_ text: String, _ address: String) throws {
    #expect(try ServerAddress(text).description == address)
  }

  @Test(arguments: [
    "", "127.0.0.1:8080", "ftp://host", "http://", "http://user:secret@host", "http://host?x", "http://h#f",
  ])
  func `anything else is no server`(_ text: String) {
    #expect { try ServerAddress(text) } throws: { ($0 as? CommandFailure)?.code == .usage }
  }

  @Test func `path components are encoded one by one`() {
    #expect(ServerRequest.encoded("a b/ä%.tar~_-1") == "a%20b%2F%C3%A4%25.tar~_-1")
  }

  @Test(arguments: [("dist/app.tgz", "app.tgz"), ("app.tgz", "app.tgz"), ("a//b/./c", "c")])
  func `an artifact lands here under the last part of its path`(_ artifact: String, _ path: String) throws {
    #expect(try DownloadDestination(artifact: artifact, output: nil).path == path)
  }

  @Test(arguments: ["../etc/passwd", "/etc/passwd", "a/..", "..", "", ".", "a\nb"])
  func `an artifact's path cannot lead elsewhere`(_ artifact: String) {
    #expect { try DownloadDestination(artifact: artifact, output: nil) } throws: {
      ($0 as? CommandFailure)?.code == .usage
    }
  }

  @Test func `a folder as output gets the file, and another name is the file`() throws {
    let folder = FileManager.default.temporaryDirectory.path
    #expect(try DownloadDestination(artifact: "a/b", output: folder).path == LocalPath.join(folder, "b"))
    #expect(try DownloadDestination(artifact: "a/b", output: folder + "/none").path == folder + "/none")
  }
}
