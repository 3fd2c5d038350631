import Measurement

/// Who is killed where: everybody before and after all that they change, and somebody before or after whatever is looked
/// at.
struct KillingPlan: Sendable {
  /// One killing, and the passes at which it may be done: when it is missed at one of them, there are others.
  struct Step: Sendable {
    var passes: [Killing]
    /// Whether it is done only where nobody has ever done it, as when the first of a kind makes a list.
    var isFirst: Bool
    var misses = 0

    var next: Killing { passes[misses % passes.count] }
    /// Whether the victim is to come before all others, so that the roles are its own: without one, it may never pass there.
    var isEarly: Bool { misses >= 2 && next.victim.mayHaveRoles }
    var place: Killing.Place { passes[0].place }
  }

  /// Steps in one act, each of another victim.
  struct Scene: Sendable {
    var act: Act
    var isFirst: Bool
    /// Whether its only victim comes before all others.
    var isEarly: Bool
    var steps: [Step]
  }

  private(set) var steps: [Step]
  let summary: String

  /// - Parameters:
  ///   - found: what rehearsals have passed.
  ///   - lasting: what they have passed when all had been played once.
  init(_ found: Set<Killing>, lasting: Set<Killing>, _ random: inout SeededGenerator) {
    let places = Set(lasting.map { Holder($0.victim, $0.place) })
    // The order of a set differs from time to time.
    let sorted = found.sorted { "\($0)" < "\($1)" }
    let changing = Dictionary(grouping: sorted.filter(\.place.changes)) { Holder($0.victim, $0.place) }
    let looking = Dictionary(grouping: sorted.filter { !$0.place.changes }, by: \.place.site)
    var steps: [Step] = []
    for (holder, passes) in changing.sorted(by: { "\($0.value[0])" < "\($1.value[0])" }) {
      steps.append(Step(passes: Self.mixed(passes, &random), isFirst: !places.contains(holder)))
    }
    for (_, passes) in looking.sorted(by: { $0.key < $1.key }) {
      let mixed = Self.mixed(passes, &random)
      let isFirst = !places.contains(Holder(mixed[0].victim, mixed[0].place))
      // Whoever is killed there: when one does not come by, another may.
      let same = mixed.filter {
        $0.place == mixed[0].place && !places.contains(Holder($0.victim, $0.place)) == isFirst
      }
      steps.append(Step(passes: same, isFirst: isFirst))
    }
    self.steps = steps
    let sites = Set(found.map(\.place.site)).count
    summary =
      "\(found.count) passes of \(sites) sites, of which \(sites - looking.count) change something; "
      + "\(steps.count) killings, of which \(steps.count(where: \.isFirst)) where nobody has been"
  }

  private struct Holder: Hashable {
    var victim: Victim
    var place: Killing.Place

    init(_ victim: Victim, _ place: Killing.Place) {
      self.victim = victim
      self.place = place
    }
  }

  var operations: Set<Killing.Place> { Set(steps.map(\.place.operation)) }

  /// The places of steps that were missed at which no other step has killed anybody.
  static func unreached(
    _ missed: [Step], of steps: [Step], by place: (Step) -> Killing.Place = \.place
  ) -> Set<Killing.Place> {
    let missing = Dictionary(grouping: missed, by: place).mapValues(\.count)
    let planned = Dictionary(grouping: steps, by: place).mapValues(\.count)
    return Set(missing.filter { planned[$0.key] == $0.value }.keys)
  }

  /// Keeps some only.
  mutating func sample(_ count: Int, _ random: inout SeededGenerator) {
    steps = Array(steps.shuffled(using: &random).prefix(count))
  }

  /// Puts steps together that can be made in the same scene.
  static func scenes(_ steps: [Step]) -> [Scene] {
    var scenes: [Scene] = []
    for step in steps {
      let place = scenes.firstIndex { scene in
        scene.act == step.next.act && scene.isFirst == step.isFirst && !scene.isEarly && !step.isEarly
          && !scene.steps.contains { $0.next.victim == step.next.victim }
      }
      if let place {
        scenes[place].steps.append(step)
      } else {
        scenes.append(Scene(act: step.next.act, isFirst: step.isFirst, isEarly: step.isEarly, steps: [step]))
      }
    }
    return scenes
  }

  /// In any order, but the first passes first: later ones are not there each time.
  private static func mixed(_ passes: [Killing], _ random: inout SeededGenerator) -> [Killing] {
    let shuffled = passes.shuffled(using: &random)
    return shuffled.filter { $0.number <= 2 } + shuffled.filter { $0.number > 2 }
  }
}
