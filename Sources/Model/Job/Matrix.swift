/// One task for each combination of values.
package struct Matrix: Hashable, Sendable, Codable {
  package struct Axis: Hashable, Sendable, Codable {
    package var name: ParameterName
    package var values: [String]

    package init(name: ParameterName, values: [String]) {
      self.name = name
      self.values = values
    }
  }

  package typealias Combination = [ParameterName: String]

  /// In the file's order.
  package var axes: [Axis]
  /// Combinations to add, each with a value for every axis.
  package var include: [Combination]
  /// Combinations to leave out: those that have all the values of one of these.
  package var exclude: [Combination]

  package init(axes: [Axis], include: [Combination] = [], exclude: [Combination] = []) {
    self.axes = axes
    self.include = include
    self.exclude = exclude
  }

  /// The combinations, each once: the last axis changes fastest, and those of `include` come last.
  package var combinations: [Combination] {
    let product =
      axes.isEmpty || axes.contains { $0.values.isEmpty }
      ? []
      : axes.reduce([[:]]) { combinations, axis in
        combinations.flatMap { combination in
          axis.values.map { combination.merging([axis.name: $0]) { $1 } }
        }
      }
    let kept = product.filter { combination in
      !exclude.contains { $0.allSatisfy { combination[$0.key] == $0.value } }
    }
    return kept + include.filter { !kept.contains($0) }
  }

  /// How many combinations there are before any is left out; stops counting at a limit.
  package func size(limit: Int) -> Int {
    axes.reduce(1) { min(limit, $0 * max(1, $1.values.count)) }
  }

  /// The name of the task for a combination, such as `test-6.3-debug`. What a name cannot hold becomes `_`.
  ///
  /// - Throws: ``ValidationError`` when it is too long.
  package func name(of task: TaskName, for combination: Combination) throws(ValidationError) -> TaskName {
    let values = axes.map { axis in
      String(
        (combination[axis.name] ?? "").unicodeScalars.map { scalar in
          let isAllowed =
            scalar.isASCII
            && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "._-".contains(Character(scalar)))
          return isAllowed ? Character(scalar) : "_"
        })
    }
    let name = ([task.rawValue] + values).joined(separator: "-")
    guard let name = try? TaskName(name) else {
      throw ValidationError(
        "the task of the matrix that would be called \(name.quoted) has a name of \(name.utf8.count) bytes",
        remedy: "use shorter values or a shorter task name: 128 bytes are the most together")
    }
    return name
  }
}
