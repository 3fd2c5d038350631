import Testing

@testable import Model

struct TemplateTests {
  /// `${name}` is replaced, `$${` is a literal `${`, any other `$` is itself, and values are not read again.
  @Test(arguments: [
    ("plain", "plain"), ("", ""), ("${a}", "A"), ("x${a}y${b-1.c}", "xAyB"), ("$a $ $$", "$a $ $$"),
    ("$${a}", "${a}"), ("$$${a}", "$${a}"), ("${hostile}", "${a}"), ("{a}", "{a}"), ("${a}${a}", "AA"), ("ä${a}", "äA"),
  ]) func resolution(text: String, expected: String) throws {
    let values = ["a": "A", "b-1.c": "B", "hostile": "${a}"]
    #expect(try Template(text).resolved(with: values) == expected)
  }

  @Test(arguments: ["${", "${a", "${}", "${a b}", "x${-}", "${a${b}}"]) func refused(text: String) {
    #expect(throws: ValidationError.self) { try Template(text) }
  }

  @Test func aMissingValueIsNamed() throws {
    let template = try Template("${brunch}")
    let error = #expect(throws: ValidationError.self) { try template.resolved(with: ["branch": "main"]) }
    #expect(error?.message.contains("${brunch}") == true)
    #expect(error?.remedy == "did you mean ${branch}?")
  }

  /// An escaped text stands for itself.
  @Test(arguments: ["", "a", "${a}", "$${a}", "$", "${", "$$${x"]) func escaping(text: String) throws {
    #expect(try Template(Template.escaping(text)).resolved(with: [:]) == text)
  }
}

struct ResolutionTests {
  private func task(_ work: Work) throws -> TaskDefinition {
    TaskDefinition(name: try TaskName("t"), needs: [], work: work)
  }

  @Test func everyDeclaredFieldIsResolved() throws {
    let values = ["r": "https://example.org/a", "ref": "main", "d": "./x", "n": "7"]
    let checkout = GitCheckout(repository: "${r}", ref: "refs/heads/${ref}", directory: "${d}/y")
    #expect(
      try task(.gitCheckout(checkout)).resolved(with: values).work
        == .gitCheckout(GitCheckout(repository: "https://example.org/a", ref: "refs/heads/main", directory: "x/y")))
    let copy = CopyArtifacts(job: try JobName("j"), build: "${n}", files: ["${ref}/*"], into: "${d}")
    #expect(
      try task(.copyArtifacts(copy)).resolved(with: values).work
        == .copyArtifacts(CopyArtifacts(job: try JobName("j"), build: "7", files: ["main/*"], into: "x")))
    let publish = PublishArtifacts(files: ["${ref}.txt"], ifMissing: .warn)
    #expect(
      try task(.publishArtifacts(publish)).resolved(with: values).work
        == .publishArtifacts(PublishArtifacts(files: ["main.txt"], ifMissing: .warn)))
  }

  @Test func scriptsAreNeverTouched() throws {
    for command in [ExecuteShell.Command.script("echo ${ref} $${x}"), .arguments(["echo", "${ref}"])] {
      let shell = ExecuteShell(command: command, environment: ["A": "${ref}; rm -rf /"], directory: "${ref}")
      let resolved = try task(.executeShell(shell)).resolved(with: ["ref": "main"])
      #expect(
        resolved.work
          == .executeShell(ExecuteShell(command: command, environment: ["A": "main; rm -rf /"], directory: "main")))
    }
  }

  /// A value may come from whoever pushed, so each field is checked again after it was put in.
  @Test(arguments: [
    ("--upload-pack=id", "ref"), ("a..b", "ref"), ("", "ref"), ("a\nb", "ref"),
    ("ext::sh -c id", "repository"), ("-x", "repository"), ("https://a:b@c/d", "repository"),
    ("..", "directory"), ("/etc", "directory"), ("a/../..", "directory"), ("a\u{0}", "directory"),
  ]) func hostileValues(value: String, field: String) throws {
    var checkout = GitCheckout(repository: "/r", ref: "main")
    switch field {
    case "ref": checkout.ref = "${x}"
    case "repository": checkout.repository = "${x}"
    default: checkout.directory = "${x}"
    }
    let task = try task(.gitCheckout(checkout))
    let error = #expect(throws: ValidationError.self) { try task.resolved(with: ["x": value]) }
    #expect(error?.message.hasPrefix("task t: \(field): ") == true, "\(error?.message ?? "no error")")
  }

  @Test func continuationsAreResolved() throws {
    let library = try ParameterName("library")
    let continuation = Continuation(job: try JobName("application"), parameters: [library: "${build}"])
    #expect(try continuation.resolvedParameters(with: ["build": "7"]) == [library: "7"])
    let error = #expect(throws: ValidationError.self) { try continuation.resolvedParameters(with: [:]) }
    #expect(error?.message == "parameter library of application: parameters: ${build} has no value here")
  }
}
