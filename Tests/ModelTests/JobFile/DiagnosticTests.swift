import Testing

@testable import Model

struct DiagnosticTests {
  @Test func aDiagnosticIsALineForHumans() {
    let text =
      "{\n  \"job\": \"j\",\n  \"tasks\": [\n    { \"name\": \"a\", \"type\": \"execute-shell\", \"scirpt\": \"x\" }\n  ]\n}"
    #expect(
      JobFile.diagnostics(text).map(\.description) == [
        "job.json:4:45: an execute-shell task has no key \"scirpt\" (at tasks[0].scirpt); did you mean \"script\"?"
      ])
  }

  /// One row for each thing that can be wrong with a task: its keys besides the name, then code, path and a piece of
  /// the line that is shown.
  @Test(arguments: [
    // Shapes
    (#""type":"execute-shell","script":5"#, "wrongType", "tasks[0].script", "not a number"),
    (#""type":5"#, "wrongType", "tasks[0].type", "a string should"),
    (#""script":"x""#, "missingKey", "tasks[0]", "\"type\""),
    (#""type":"execute-shel","script":"x""#, "invalidValue", "tasks[0].type", "did you mean \"execute-shell\"?"),
    (#""type":"git-checkout""#, "missingKey", "tasks[0]", "\"repository\""),
    (#""type":"execute-shell","script":"x","files":["a"]"#, "unknownKey", "tasks[0].files", "has no key"),
    (#""type":"execute-shell","script":"x","command":["x"]"#, "invalidValue", "tasks[0].command", "both"),
    (#""type":"execute-shell","command":[]"#, "invalidValue", "tasks[0].command", "no program"),
    (#""type":"execute-shell","command":"ls""#, "wrongType", "tasks[0].command", "brackets"),
    (#""type":"execute-shell","script":"x","labels":["a","a"]"#, "duplicate", "tasks[0].labels[1]", "twice"),
    (#""type":"execute-shell","script":"x","labels":["a b"]"#, "invalidValue", "tasks[0].labels[0]", "label name"),
    (#""type":"execute-shell","script":"x","timeout":90"#, "wrongType", "tasks[0].timeout", "a duration"),
    (#""type":"execute-shell","script":"x","timeout":"90""#, "invalidValue", "tasks[0].timeout", "20m"),
    (#""type":"execute-shell","script":"x","idleTimeout":"31d""#, "invalidValue", "tasks[0].idleTimeout", "30d"),
    // Order
    (#""type":"execute-shell","script":"x","needs":["zzz"]"#, "unknownReference", "tasks[0].needs[0]", "called zzz"),
    (#""type":"execute-shell","script":"x","needs":["tesk"]"#, "unknownReference", "tasks[0].needs[0]", "\"task\"?"),
    (#""type":"execute-shell","script":"x","needs":["task"]"#, "cycle", "tasks[0].needs", "task needs itself"),
    // Environment
    (
      #""type":"execute-shell","script":"x","environment":{"1A":"x"}"#, "invalidValue", "tasks[0].environment.1A",
      "name"
    ),
    (
      #""type":"execute-shell","script":"x","environment":{"A=B":"x"}"#, "invalidValue",
      "tasks[0].environment[\"A=B\"]", ""
    ),
    (
      #""type":"execute-shell","script":"x","environment":{"DISTCI_X":"x"}"#, "invalidValue",
      "tasks[0].environment.DISTCI_X", "own"
    ),
    (#""type":"execute-shell","script":"x","environment":{"A":1}"#, "wrongType", "tasks[0].environment.A", "quotes"),
    (
      #""type":"execute-shell","script":"x","environment":{"A":"${brnch}"}"#, "unknownReference",
      "tasks[0].environment.A", "${branch}?"
    ),
    // Paths and globs
    (#""type":"execute-shell","script":"x","directory":"/etc""#, "invalidValue", "tasks[0].directory", "absolute"),
    (
      #""type":"execute-shell","script":"x","directory":"a/../${branch}""#, "invalidValue", "tasks[0].directory", "'..'"
    ),
    (#""type":"publish-artifacts","files":[]"#, "invalidValue", "tasks[0].files", "no file"),
    (#""type":"publish-artifacts","files":["a","../b"]"#, "invalidValue", "tasks[0].files[1]", "'..'"),
    (#""type":"publish-artifacts","files":["[a"]"#, "invalidValue", "tasks[0].files[0]", "never closed"),
    (
      #""type":"publish-artifacts","files":["a"],"ifMissing":"fial""#, "invalidValue", "tasks[0].ifMissing", "\"fail\"?"
    ),
    (
      #""type":"copy-artifacts","from":{"job":"x","build":"newest"},"files":["a"]"#, "invalidValue",
      "tasks[0].from.build", "latest"
    ),
    (
      #""type":"copy-artifacts","from":{"job":"x","build":-1},"files":["a"]"#, "invalidValue", "tasks[0].from.build",
      "latest"
    ),
    (#""type":"copy-artifacts","from":{},"files":["a"]"#, "missingKey", "tasks[0].from", "\"job\""),
    (
      #""type":"copy-artifacts","from":{"job":"x"},"files":["a"],"into":"../x""#, "invalidValue", "tasks[0].into",
      "'..'"
    ),
    // Repositories and refs
    (#""type":"git-checkout","repository":"ext::sh -c id""#, "invalidValue", "tasks[0].repository", "transport"),
    (
      #""type":"git-checkout","repository":"https://a:b@c/d""#, "invalidValue", "tasks[0].repository",
      "credentials file"
    ),
    (
      #""type":"git-checkout","repository":"https://u:${job}@c/d""#, "invalidValue", "tasks[0].repository",
      "credentials file"
    ),
    (#""type":"git-checkout","repository":"/r","ref":"-x""#, "invalidValue", "tasks[0].ref", "option"),
    (#""type":"git-checkout","repository":"/r","ref":"${""#, "invalidValue", "tasks[0].ref", "never closed"),
    (#""type":"deploy""#, "invalidValue", "tasks[0].type", "a key of one"),
    (
      #""type":"execute-shell","script":"x","generates":"../x"# + "\"", "invalidValue", "tasks[0].generates",
      "has a"
    ),
    (#""type":"publish-artifacts","files":["x"],"keep":"0d""#, "invalidValue", "tasks[0].keep", "3650d the most"),
    (#""type":"publish-artifacts","files":["x"],"keep":30"#, "wrongType", "tasks[0].keep", "a duration"),
    (#""type":"execute-shell","script":"x","keep":"30d""#, "unknownKey", "tasks[0].keep", "has no key"),
  ]) func tasks(keys: String, code: String, path: String, piece: String) {
    expect(#"{"job":"j","tasks":[{"name":"task",\#(keys)}]}"#, code, path, piece)
  }

  /// The same for the job's other keys.
  @Test(arguments: [
    (
      #""parameters":[{"name":"a","type":"boolean","default":"true"}]"#, "wrongType", "parameters[0].default",
      "true or false"
    ),
    (#""parameters":[{"name":"a","type":"integer","default":1.5}]"#, "wrongType", "parameters[0].default", "whole"),
    (
      #""parameters":[{"name":"a","type":"integer","default":99999999999999999999}]"#, "wrongType",
      "parameters[0].default", "whole"
    ),
    (
      #""parameters":[{"name":"a","type":"choice","choices":["x"],"default":"y"}]"#, "invalidValue",
      "parameters[0].default", "choices"
    ),
    (#""parameters":[{"name":"a","type":"choice"}]"#, "missingKey", "parameters[0]", "\"choices\""),
    (#""parameters":[{"name":"a","type":"choice","choices":[]}]"#, "invalidValue", "parameters[0].choices", "nothing"),
    (#""parameters":[{"name":"a","choices":["x"]}]"#, "invalidValue", "parameters[0].choices", "only a choice"),
    (#""parameters":[{"name":"a","type":"bool"}]"#, "invalidValue", "parameters[0].type", "\"boolean\""),
    (#""parameters":[{"name":"branch"}]"#, "invalidValue", "parameters[0].name", "every build has"),
    (#""parameters":[{"name":"a"},{"name":"a"}]"#, "duplicate", "parameters[1]", "declared twice"),
    (#""parameters":[{"name":"a.b"},{"name":"A-b"}]"#, "duplicate", "parameters[1]", "DISTCI_PARAMETER_A_B"),
    (#""triggers":[{"on":"pull-request"}]"#, "missingKey", "triggers[0]", "\"repository\""),
    (
      #""triggers":[{"on":"pull-request","repository":"o/n","forks":"aprove"}]"#, "invalidValue", "triggers[0].forks",
      "\"approve\"?"
    ),
    (
      #""triggers":[{"on":"pull-request","repository":"o/n","paths":["src/**"]}]"#, "unknownKey", "triggers[0].paths",
      "branches"
    ),
    (#""triggers":[{"on":"pull_request"}]"#, "invalidValue", "triggers[0].on", "\"pull-request\"?"),
    (#""triggers":[{"on":"schedule"}]"#, "missingKey", "triggers[0]", "\"cron\""),
    (#""triggers":[{"on":"schedule","cron":"0 25 * * *"}]"#, "invalidValue", "triggers[0].cron", "\"25\" is no hour"),
    (#""triggers":[{"on":"schedule","cron":"0 0 * *"}]"#, "invalidValue", "triggers[0].cron", "five fields, not 4"),
    (#""triggers":[{"on":"schedule","cron":"0 0 30 2 *"}]"#, "invalidValue", "triggers[0].cron", "such a day"),
    (#""triggers":[{"on":"schedule","cron":"@dayly"}]"#, "invalidValue", "triggers[0].cron", "@daily?"),
    (
      #""triggers":[{"on":"schedule","cron":"@daily","timezone":"Europe/Helsinky"}]"#, "invalidValue",
      "triggers[0].timezone", "Europe/Helsinki"
    ),
    (
      #""triggers":[{"on":"schedule","cron":"@daily","catchUp":"lastest"}]"#, "invalidValue", "triggers[0].catchUp",
      "latest"
    ),
    (
      #""triggers":[{"on":"schedule","cron":"@daily","catchup":"all"}]"#, "unknownKey", "triggers[0].catchup",
      "\"catchUp\"?"
    ),
    (#""triggers":[{"on":"poll"}]"#, "missingKey", "triggers[0]", "\"repository\""),
    (#""triggers":[{"on":"poll","repository":"ext::sh"}]"#, "invalidValue", "triggers[0].repository", "OWNER/NAME"),
    (
      #""triggers":[{"on":"poll","repository":"o/n","every":"5s"}]"#, "invalidValue", "triggers[0].every", "burden"
    ),
    (#""triggers":[{"on":"puhs"}]"#, "invalidValue", "triggers[0].on", "\"push\"?"),
    (#""triggers":[{"repository":"o/n"}]"#, "missingKey", "triggers[0]", "\"on\""),
    (#""triggers":[{"on":"push"}]"#, "missingKey", "triggers[0]", "\"repository\""),
    (#""triggers":[{"on":"push","repository":"nowhere"}]"#, "invalidValue", "triggers[0].repository", "OWNER/NAME"),
    (
      #""triggers":[{"on":"push","repository":"o/n","branches":["[x"]}]"#, "invalidValue", "triggers[0].branches[0]",
      "closed"
    ),
    (
      #""triggers":[{"on":"push","repository":"o/n","branches":["${job}"]}]"#, "invalidValue",
      "triggers[0].branches[0]", "cannot use"
    ),
    (#""concurrency":{"limit":0}"#, "invalidValue", "concurrency.limit", "1 is the least"),
    (#""concurrency":{"group":""}"#, "invalidValue", "concurrency.group", "0 bytes"),
    (#""concurrency":{"group":"${brnch}"}"#, "unknownReference", "concurrency.group", "${branch}?"),
    (#""concurrency":{"whenBusy":"cancel"}"#, "invalidValue", "concurrency.whenBusy", "cancel-older"),
    (#""priority":1001"#, "invalidValue", "priority", "1000"),
    (#""priority":1.5"#, "wrongType", "priority", "whole"),
    (#""descripton":"x""#, "unknownKey", "descripton", "\"description\"?"),
    (#""then":[{"job":"x","on":"sucess"}]"#, "invalidValue", "then[0].on", "\"success\"?"),
    (#""then":[{"on":"success"}]"#, "missingKey", "then[0]", "\"job\""),
    (#""then":[{"job":"x","all":["y"]}]"#, "invalidValue", "then[0].all", "fewer than two"),
    (#""then":[{"job":"x","all":["y","y"]}]"#, "duplicate", "then[0].all[1]", "twice"),
    (#""then":[{"job":"x","all":["y","z"],"on":"always"}]"#, "invalidValue", "then[0].all", "green"),
    (
      #""then":[{"job":"x","parameters":{"a b":"x"}}]"#, "invalidValue", "then[0].parameters[\"a b\"]", "parameter name"
    ),
    (#""then":[{"job":"x","parameters":{"a":"${biuld}"}}]"#, "unknownReference", "then[0].parameters.a", "${build}?"),
  ]) func jobKeys(keys: String, code: String, path: String, piece: String) {
    expect(#"{"job":"j","tasks":[{"name":"t","type":"execute-shell","script":"x"}],\#(keys)}"#, code, path, piece)
  }

  /// What is wrong with the file as a whole.
  @Test(arguments: [
    ("[]", "wrongType", "", "an object"), ("{\"job\":\"j\"}", "missingKey", "", "\"tasks\""),
    ("{\"job\":\"j\",\"tasks\":[]}", "invalidValue", "tasks", "without tasks"),
    ("{\"job\":\"j\",\"tasks\":{}}", "wrongType", "tasks", "an array"), ("{", "syntax", "", "key should"),
    ("{\"job\":\"j\",\"job\":\"k\"}", "syntax", "", "twice"),
  ]) func files(text: String, code: String, path: String, piece: String) {
    expect(text, code, path, piece)
  }

  private func expect(_ text: String, _ code: String, _ path: String, _ piece: String) {
    let diagnostics = JobFile.diagnostics(text)
    #expect(diagnostics.map(\.code.rawValue) == [code])
    #expect(diagnostics.map(\.path) == [path])
    #expect(diagnostics.first?.description.contains(piece) ?? false || piece.isEmpty, "\(diagnostics)")
  }
}
