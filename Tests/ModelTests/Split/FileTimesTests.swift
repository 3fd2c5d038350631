import Model
import Testing

struct FileTimesTests {
  @Test("A file takes what it took in the middle one of the builds")
  func medians() {
    let builds = [["a": 9, "b": 1], ["a": 3], ["a": 5, "b": 4]]
    #expect(FileTimes.medians(of: builds) == ["a": 5, "b": 4])
  }

  @Test("What reports do not tell is shared out evenly over the files that they do not mention")
  func learned() {
    let files = ["a", "b", "c"]
    #expect(FileTimes.learned(files, reported: [:], elapsed: 30) == ["a": 10, "b": 10, "c": 10])
    #expect(FileTimes.learned(files, reported: ["a": 20, "x": 5], elapsed: 30) == ["a": 20, "b": 5, "c": 5])
    // Tests that ran side by side took longer together than the part.
    #expect(FileTimes.learned(files, reported: ["a": 90], elapsed: 30) == ["a": 90, "b": 0, "c": 0])
    #expect(FileTimes.learned(files, reported: ["a": 20], elapsed: nil) == ["a": 20])
  }

  /// What common programs write into their reports, and the file that it means.
  @Test(
    arguments: [
      (["tests/test_names.py"], "tests/test_names.py"),
      (["tests.test_names.TestNames"], "tests/test_names.py"),
      (["tests.test_names"], "tests/test_names.py"),
      (["t_basic_t"], "t/basic.t"),
      (["t/basic.t"], "t/basic.t"),
      (["./t/basic.t"], "t/basic.t"),
      (["spec.models.user_spec", ""], "spec/models/user_spec.rb"),
      (["", "models/user_spec.rb"], "spec/models/user_spec.rb"),
      (["org.example.Unknown"], nil),
      (["same"], nil),
      ([], nil),
    ] as [([String], String?)])
  func attribution(hints: [String], file: String?) {
    let files = ["tests/test_names.py", "t/basic.t", "spec/models/user_spec.rb", "same.a", "same.b"]
    #expect(FileAttribution(files, directory: "spec").file(of: hints) == file)
  }
}
