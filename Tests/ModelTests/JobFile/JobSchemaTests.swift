import Testing

@testable import Model

struct JobSchemaTests {
  private let schema: JSONNode

  init() throws { schema = try JSONReader.read(Array(JobSchema.text.utf8)) }

  @Test func theFileBesideTheSamplesIsTheSame() throws {
    #expect(String(decoding: try Samples.bytes("job.schema.json"), as: UTF8.self) == JobSchema.text)
  }

  /// Schema and parser know the same keys of every kind of object, and require the same.
  @Test(
    arguments: [
      (nil, KeyTable.job), ("parameter", .parameter), ("pushTrigger", .pushTrigger), ("continuation", .continuation),
      ("scheduleTrigger", .scheduleTrigger), ("pollTrigger", .pollTrigger),
      ("pullRequestTrigger", .pullRequestTrigger),
      ("source", .source), ("concurrency", .concurrency), ("when", .when), ("retry", .retry), ("split", .split),
      ("deployment", .deploy), ("jobFiles", .jobFiles),
      ("gitCheckout", .gitCheckout),
      ("executeShell", .executeShell),
      ("publishArtifacts", .publishArtifacts), ("copyArtifacts", .copyArtifacts),
    ] as [(String?, KeyTable)]) func keys(definition: String?, table: KeyTable) throws
  {
    let node = try #require(definition.map { schema["$defs"]?[$0] } ?? schema)
    #expect(keys(node["properties"]).sorted() == table.known.sorted())
    #expect(strings(node["required"]).sorted() == table.required.sorted())
    #expect(node["additionalProperties"]?.content == .boolean(false))
  }

  @Test func taskTypesAreThoseOfTheParser() throws {
    guard case .array(let variants)? = schema["properties"]?["tasks"]?["items"]?["oneOf"]?.content else {
      Issue.record("tasks have no variants")
      return
    }
    let types = variants.compactMap { variant -> JSONNode.Content? in
      guard case .string(let reference)? = variant["$ref"]?.content else { return nil }
      return schema["$defs"]?[String(reference.dropFirst("#/$defs/".count))]?["properties"]?["type"]?["const"]?.content
    }
    #expect(Set(types) == Set(KeyTable.taskTypes.keys.map(JSONNode.Content.string)))
  }

  /// Words and numbers that stand in both places are the same in both.
  @Test func valuesAgree() {
    func words(_ definition: String, _ key: String) -> [String] {
      strings(schema["$defs"]?[definition]?["properties"]?[key]?["enum"])
    }
    #expect(words("continuation", "on") == Continuation.Condition.allCases.map(\.rawValue))
    #expect(words("concurrency", "whenBusy") == Concurrency.WhenBusy.allCases.map(\.rawValue))
    #expect(words("split", "by") == Split.Measure.allCases.map(\.rawValue))
    let allowed = schema["$defs"]?["jobFiles"]?["properties"]?["allow"]?["items"]?["enum"]
    #expect(strings(allowed) == JobFiles.Permission.allCases.map(\.rawValue))
    let parts = schema["$defs"]?["split"]?["properties"]?["into"]
    #expect(parts?["minimum"]?.content == .number(String(JobLimits.parts.lowerBound)))
    #expect(parts?["maximum"]?.content == .number(String(JobLimits.parts.upperBound)))
    #expect(words("scheduleTrigger", "catchUp") == ScheduleTrigger.CatchUp.allCases.map(\.rawValue))
    #expect(words("pullRequestTrigger", "forks") == PullRequestTrigger.Forks.allCases.map(\.rawValue))
    #expect(words("when", "status") == Condition.Status.allCases.map(\.rawValue))
    #expect(strings(schema["$defs"]?["when"]?["properties"]?["event"]?["items"]?["enum"]) == BuildCause.events)
    #expect(words("parameter", "type") == ["string", "choice", "boolean", "integer"])
    #expect(strings(schema["$defs"]?["ifMissing"]?["enum"]) == PublishArtifacts.IfMissing.allCases.map(\.rawValue))
    let limits = [
      ("tasks", JobLimits.tasks), ("parameters", JobLimits.parameters), ("triggers", JobLimits.triggers),
      ("then", JobLimits.continuations),
    ]
    for (key, limit) in limits {
      #expect(schema["properties"]?[key]?["maxItems"]?.content == .number(String(limit)))
    }
    let attempts = schema["$defs"]?["retry"]?["properties"]?["attempts"]
    #expect(attempts?["minimum"]?.content == .number(String(JobLimits.attempts.lowerBound)))
    #expect(attempts?["maximum"]?.content == .number(String(JobLimits.attempts.upperBound)))
    for key in ["include", "exclude"] {
      let list = schema["$defs"]?["matrix"]?["properties"]?[key]
      #expect(list?["maxItems"]?.content == .number(String(JobLimits.combinations)))
    }
    #expect(schema["$defs"]?["labels"]?["maxItems"]?.content == .number(String(JobLimits.labels)))
  }

  /// Every reference inside the schema leads somewhere, and every definition is used.
  @Test func referencesResolve() {
    var found: Set<String> = []
    collectReferences(schema, &found)
    #expect(found == Set(keys(schema["$defs"]).map { "#/$defs/\($0)" }))
  }

  private func collectReferences(_ node: JSONNode, _ found: inout Set<String>) {
    switch node.content {
    case .array(let elements): for element in elements { collectReferences(element, &found) }
    case .object(let members):
      for member in members {
        if member.key == "$ref", case .string(let reference) = member.value.content { found.insert(reference) }
        collectReferences(member.value, &found)
      }
    default: break
    }
  }

  private func keys(_ node: JSONNode?) -> [String] {
    guard case .object(let members)? = node?.content else { return [] }
    return members.map(\.key)
  }

  private func strings(_ node: JSONNode?) -> [String] {
    guard case .array(let elements)? = node?.content else { return [] }
    return elements.compactMap { if case .string(let text) = $0.content { text } else { nil } }
  }
}
