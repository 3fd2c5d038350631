/// Tasks that stand for several.
extension JobFileReader {
  mutating func matrix(_ place: JSONPlace) -> Matrix? {
    guard let object = object(place) else { return nil }
    var axes: [Matrix.Axis] = []
    var isGood = true
    for member in object.members where !["include", "exclude"].contains(member.key) {
      let axis = self.axis(member, in: object.place)
      isGood = isGood && axis != nil
      if let axis { axes.append(axis) }
    }
    guard isGood, areApart(axes.map(\.name), at: place) else { return nil }
    guard let include = combinations(object["include"], axes, isWhole: true) else { return nil }
    if axes.isEmpty, let first = object["include"]?.node, case .array(let entries) = first.content {
      // The entries alone say what there is.
      guard let names = axisNames(of: entries.first, place) else { return nil }
      axes = names.map { Matrix.Axis(name: $0, values: []) }
    }
    guard let exclude = combinations(object["exclude"], axes, isWhole: false),
      areWhole(include, axes, at: object["include"] ?? place)
    else { return nil }
    let matrix = Matrix(axes: axes, include: include, exclude: exclude)
    return isOfSize(matrix, at: place) ? matrix : nil
  }

  private mutating func axis(_ member: JSONMember, in matrix: JSONPlace) -> Matrix.Axis? {
    let place = matrix.member(member)
    guard let name = axisName(member, at: place), let places = list(place, limit: JobLimits.choices),
      let values = all(places, { reader, place in reader.plainValue(place) })
    else { return nil }
    guard !values.isEmpty else {
      report(.invalidValue, at: place, "\(name) has no values", remedy: "list its values, or remove it")
      return nil
    }
    return refuseRepeats(values, at: places) ? Matrix.Axis(name: name, values: values) : nil
  }

  private mutating func axisName(_ member: JSONMember, at place: JSONPlace) -> ParameterName? {
    let key = JSONPlace(node: JSONNode(position: member.keyPosition, content: .string(member.key)), path: place.path)
    let name: ParameterName? = self.name(key)
    guard let name else { return nil }
    // It may be called like a parameter, which it hides from the task: commands see both.
    guard BuildValue(rawValue: name.rawValue)?.isReserved != true else {
      report(.invalidValue, at: key, "${\(name)} is a value that every build has", remedy: "choose another name")
      return nil
    }
    return name
  }

  private mutating func axisNames(of entry: JSONNode?, _ place: JSONPlace) -> [ParameterName]? {
    guard case .object(let members)? = entry?.content else { return [] }
    let names = members.compactMap { axisName($0, at: place) }
    return names.count == members.count && areApart(names, at: place) ? names : nil
  }

  /// Two names that a task would find in the same environment variable.
  private mutating func areApart(_ names: [ParameterName], at place: JSONPlace) -> Bool {
    var seen: [String: ParameterName] = [:]
    for name in names {
      guard let earlier = seen.updateValue(name, forKey: EnvironmentName.ofMatrix(name)) else { continue }
      report(
        .duplicate, at: place, "\(earlier) and \(name) are both \(EnvironmentName.ofMatrix(name)) to a task",
        remedy: "rename one of them")
      return false
    }
    return true
  }

  private mutating func combinations(
    _ place: JSONPlace?, _ axes: [Matrix.Axis], isWhole: Bool
  ) -> [Matrix.Combination]? {
    guard let place else { return [] }
    guard let places = list(place, limit: JobLimits.combinations) else { return nil }
    return all(places) { reader, place in reader.combination(place, axes, isWhole: isWhole) }
  }

  /// - Parameter isWhole: whether it adds a combination; else its values must be there already.
  private mutating func combination(
    _ place: JSONPlace, _ axes: [Matrix.Axis], isWhole: Bool
  ) -> Matrix.Combination? {
    guard let object = object(place) else { return nil }
    var combination: Matrix.Combination = [:]
    for member in object.members {
      let place = object.place.member(member)
      guard let name = try? ParameterName(member.key), axes.isEmpty || axes.contains(where: { $0.name == name }) else {
        report(
          .unknownReference, at: member.keyPosition, path: place.path, "the matrix has no \(member.key.quoted)",
          remedy: Suggestion.nearest(to: member.key, among: axes.map(\.name.rawValue))
            .map { "did you mean \"\($0)\"?" } ?? "use the names of the matrix")
        return nil
      }
      guard let value = plainValue(place) else { return nil }
      if !isWhole, let axis = axes.first(where: { $0.name == name }), !axis.values.contains(value) {
        report(
          .unknownReference, at: place, "\(name) has no value \(value.quoted), so this excludes nothing",
          remedy: Suggestion.nearest(to: value, among: axis.values).map { "did you mean \"\($0)\"?" }
            ?? "it has \(axis.values.prefix(20).map(\.quoted).joined(separator: ", "))")
        return nil
      }
      combination[name] = value
    }
    return combination
  }

  private mutating func areWhole(
    _ include: [Matrix.Combination], _ axes: [Matrix.Axis], at place: JSONPlace
  ) -> Bool {
    for (index, combination) in include.enumerated() {
      guard Set(combination.keys) != Set(axes.map(\.name)) else { continue }
      report(
        .missingKey, at: place.node.position, path: "\(place.path)[\(index)]",
        "an included combination does not have exactly the values of the others",
        remedy: "give \(axes.map(\.name.rawValue).joined(separator: ", "))")
      return false
    }
    return true
  }

  private mutating func isOfSize(_ matrix: Matrix, at place: JSONPlace) -> Bool {
    let size = matrix.size(limit: JobLimits.combinations + 1) + matrix.include.count
    guard size <= JobLimits.combinations else {
      report(
        .limit, at: place, "the matrix has more than \(JobLimits.combinations) combinations",
        remedy: "\(JobLimits.combinations) are the most, with those that \"exclude\" leaves out")
      return false
    }
    guard !matrix.combinations.isEmpty else {
      report(.invalidValue, at: place, "the matrix has no combination", remedy: "list values, or exclude fewer")
      return false
    }
    return true
  }

  /// Reports tasks of matrices and splits that would have the name of another one.
  mutating func reportNameCollisions(_ tasks: [TaskDefinition], at places: [JSONPlace]) {
    do throws(ValidationError) {
      try TaskVariants.checkSize(of: tasks)
    } catch {
      if let place = places.first { report(.limit, at: place, error.message, remedy: error.remedy) }
      return
    }
    var seen: Set<TaskName> = Set(tasks.filter { $0.matrix == nil && $0.split == nil }.map(\.name))
    for (task, place) in zip(tasks, places) where task.matrix != nil || task.split != nil {
      let key = task.matrix == nil ? "split" : "matrix"
      let place = JSONPlace(node: place.node[key] ?? place.node, path: place.memberPath(key))
      guard let variants = checked(place, { () throws(ValidationError) in try task.variants }) else { continue }
      for variant in variants where !seen.insert(variant.task.name).inserted {
        report(
          .duplicate, at: place, "two tasks would be called \(variant.task.name)",
          remedy: "use values that differ in letters and digits, or rename the task")
        break
      }
    }
  }
}
