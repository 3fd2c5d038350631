import Testing

@testable import Model

struct FieldTests {
  /// Addresses that git understands without running a command or learning a secret.
  @Test(arguments: [
    ("https://git.example.org/library.git", RepositoryAddress.Transport.https),
    ("HTTPS://git.example.org:8443/a/b", .https),
    ("ssh://git@git.example.org:22/a", .ssh), ("ssh://git.example.org/~me/a", .ssh), ("ssh://[::1]:22/a", .ssh),
    ("git://git.example.org/a", .git), ("git@github.com:octo/library.git", .ssh), ("host:path", .ssh),
    ("file:///srv/git/a.git", .file), ("file://localhost/srv/a", .file), ("/srv/git/a.git", .file),
  ]) func repositories(text: String, transport: RepositoryAddress.Transport) throws {
    let address = try RepositoryAddress(text)
    #expect(address.transport == transport)
    #expect(address.isLocal == (transport == .file))
  }

  /// Addresses that would run something, be taken for an option, leak a secret, or are none.
  @Test(arguments: [
    "", "ext::sh -c id", "EXT::sh", "fd::7", "a+b::x", "::x", "-u", "--upload-pack=id", "http://example.org/a",
    "ftp://example.org/a", "ext://x/y", "https://example.org", "https:///a", "https://user:secret@example.org/a",
    "https://token@example.org/a", "ssh://git:secret@example.org/a", "git://me@example.org/a",
    "ssh://-oProxyCommand=id/a",
    "ssh://-l@example.org/a", "-oProxyCommand=id:a", "git@-x:a", "host:-x", "host:-\u{301}x", "https://\u{301}host/a",
    "host:", ":a", "u:p@host:path",
    "a b:c", "https://example.org/a\nb", "https://example.org/\u{0}", "https://example.org:port/a", "relative/path",
    "../up", "/srv/../etc", "file://host/a", "file://", "/", "owner/name", "https://exa\u{301}mple.org/a", "C:\\a",
  ]) func refusedRepositories(text: String) {
    #expect(throws: ValidationError.self) { try RepositoryAddress(text) }
  }

  @Test func passwordsBelongToTheWorker() {
    let error = #expect(throws: ValidationError.self) { try RepositoryAddress("https://me:secret@example.org/a") }
    #expect(error?.remedy.contains("credentials file") == true)
    #expect(error?.description.contains("secret@") == false)
  }

  @Test func aTransportIsNamed() {
    let error = #expect(throws: ValidationError.self) { try RepositoryAddress("Ext::sh -c id") }
    #expect(error?.message == "the repository uses the transport 'Ext::'")
  }

  /// What `git check-ref-format` takes, and commits.
  @Test(arguments: ["main", "refs/heads/main", "feature/a-b", "v1.2", "HEAD", "0123456789abcdef", "a@b", "ä", "${x"])
  func refs(text: String) throws { try GitRef.check(text) }

  /// What it refuses, and options.
  @Test(arguments: [
    "", "-x", "--upload-pack=id", "a..b", "a b", "a~1", "a^", "a:b", "a?", "a*", "[a", "a\\b", "a@{1}", "@", "/a", "a/",
    "a//b", ".a", "a/.b", "a.lock", "a.lock/b", "a.", "a\nb", "a\u{7F}", String(repeating: "a", count: 513),
  ]) func refusedRefs(text: String) {
    #expect(throws: ValidationError.self) { try GitRef.check(text) }
  }

  /// A path loses what says nothing.
  @Test(arguments: [
    ("", ""), (".", ""), ("a", "a"), ("./a//b/.", "a/b"), ("a/", "a"), ("..a", "..a"), ("a..b/c", "a..b/c"), ("~", "~"),
    (".//\u{301}x", "\u{301}x"),
  ]) func paths(text: String, expected: String) throws {
    #expect(try RelativePath.normalized(text) == expected)
  }

  /// Nothing outside the workspace can be named.
  @Test(arguments: [
    "/", "/etc", "..", "../a", "a/..", "a/../../b", "a\u{0}b", "a\nb", String(repeating: "a", count: 256),
    String(repeating: "a/", count: 513),
  ]) func refusedPaths(text: String) {
    #expect(throws: ValidationError.self) { try RelativePath.normalized(text) }
    #expect(throws: ValidationError.self) { try RelativePath.glob(text) }
  }

  @Test(arguments: ["dist/", "./dist/**"]) func globsThatWouldMatchNothing(text: String) {
    #expect(throws: ValidationError.self) { try RelativePath.glob(text) }
  }

  /// A whole number and a unit, a second to 30 days; written back in the largest unit that fits.
  @Test(arguments: [
    ("90s", 90, "90s"), ("20m", 1200, "20m"), ("120m", 7200, "2h"), ("30d", 2_592_000, "30d"), ("1s", 1, "1s"),
  ]) func durations(text: String, seconds: Int, canonical: String) throws {
    #expect(try TaskDuration.seconds(text) == seconds)
    #expect(TaskDuration.text(seconds) == canonical)
  }

  @Test(arguments: [
    "", "s", "90", "1.5h", "-1s", "+1s", "0s", "31d", "1w", "1 h", "99999999999999999999d", "721h", "١s",
  ])
  func refusedDurations(text: String) {
    #expect(throws: ValidationError.self) { try TaskDuration.seconds(text) }
  }

  @Test(arguments: [("ref", "DISTCI_PARAMETER_REF"), ("my.Ref-2", "DISTCI_PARAMETER_MY_REF_2")])
  func environmentNames(parameter: String, expected: String) throws {
    #expect(EnvironmentName.of(try ParameterName(parameter)) == expected)
  }

  /// Distances are counted in edits; what is too far away is no suggestion.
  @Test(arguments: [
    ("neds", "needs"), ("Script", "script"), ("scirpt", "script"), ("timout", "timeout"), ("zzz", nil), ("", nil),
  ]) func suggestions(text: String, expected: String?) {
    #expect(Suggestion.nearest(to: text, among: ["needs", "script", "timeout", "idleTimeout"]) == expected)
  }
}
