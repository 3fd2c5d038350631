/// The declared parameters.
extension JobFileReader {
  private enum Kind: String, CaseIterable {
    case string, choice, boolean, integer
  }

  mutating func parameters(_ place: JSONPlace) -> [Parameter]? {
    guard let places = list(place, limit: JobLimits.parameters) else { return nil }
    let parameters = all(places) { reader, place in reader.parameter(place) }
    // Also a parameter with a mistake may be referred to: one mistake, one diagnostic.
    references += places.compactMap { place in
      if case .string(let name)? = place.node["name"]?.content { name } else { nil }
    }
    guard let parameters else { return nil }
    refuseCollisions(parameters.map(\.name), at: places)
    return parameters
  }

  private mutating func parameter(_ place: JSONPlace) -> Parameter? {
    guard let object = object(place, .parameter) else { return nil }
    let name: ParameterName? = object["name"].flatMap { self.parameterName($0) }
    guard let kind = kind(object) else { return nil }
    let value = object["default"].flatMap { self.defaultValue($0, of: kind) }
    guard let name, object["default"] == nil || value != nil else { return nil }
    return Parameter(name: name, kind: kind, default: value)
  }

  private mutating func parameterName(_ place: JSONPlace) -> ParameterName? {
    let name: ParameterName? = self.name(place)
    guard let name else { return nil }
    guard BuildValue(rawValue: name.rawValue)?.isReserved != true else {
      report(
        .invalidValue, at: place, "${\(name)} is a value that every build has", remedy: "choose another name")
      return nil
    }
    return name
  }

  private mutating func kind(_ object: JSONObject) -> Parameter.Kind? {
    let word: Kind?
    if let place = object["type"] { word = self.word(place) } else { word = .string }
    guard let word else { return nil }
    if word != .choice, let place = object["choices"] {
      report(.invalidValue, at: place, "only a choice has choices", remedy: "set \"type\": \"choice\", or remove them")
      return nil
    }
    switch word {
    case .string: return .string
    case .boolean: return .boolean
    case .integer: return .integer
    case .choice: return choices(object).map(Parameter.Kind.choice)
    }
  }

  private mutating func choices(_ object: JSONObject) -> [String]? {
    guard let place = object["choices"] else {
      report(
        .missingKey, at: object.place, "a choice needs the key \"choices\"", remedy: "list the values to choose from")
      return nil
    }
    guard let places = list(place, limit: JobLimits.choices),
      let choices = all(places, { reader, place in reader.value(place) })
    else { return nil }
    guard !choices.isEmpty else {
      report(.invalidValue, at: place, "there is nothing to choose from", remedy: "list the values to choose from")
      return nil
    }
    return refuseRepeats(choices, at: places) ? choices : nil
  }

  private mutating func value(_ place: JSONPlace) -> String? {
    guard let text = text(place) else { return nil }
    return checked(place) { () throws(ValidationError) in try DeclaredField.parameters.check(text) }
  }

  private mutating func defaultValue(_ place: JSONPlace, of kind: Parameter.Kind) -> String? {
    switch kind {
    case .boolean: return boolean(place).map { String($0) }
    case .integer: return integer(place, in: Int.min...Int.max).map { String($0) }
    case .string, .choice:
      guard let text = value(place) else { return nil }
      return checked(place) { () throws(ValidationError) in try kind.check(text) }
    }
  }

  /// Two names that a task would find in the same environment variable.
  private mutating func refuseCollisions(_ names: [ParameterName], at places: [JSONPlace]) {
    var seen: [String: ParameterName] = [:]
    for (name, place) in zip(names, places) {
      let variable = EnvironmentName.of(name)
      guard let earlier = seen.updateValue(name, forKey: variable) else { continue }
      report(
        .duplicate, at: place,
        name == earlier
          ? "the parameter \(name) is declared twice"
          : "the parameters \(earlier) and \(name) are both \(variable) to a task",
        remedy: "rename one of them")
    }
  }
}
