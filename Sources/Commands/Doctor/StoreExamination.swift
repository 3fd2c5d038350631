import Coordination
import Model
import ObjectStorage
import SharedRepository

/// Looks at the stores, and at who works on them. Writes nothing.
struct StoreExamination {
  let options: StoreOptions

  func findings() async -> [Finding] {
    let stores: Stores
    do {
      stores = try await Stores.open(options)
    } catch {
      return [wrong("stores", error)]
    }
    let findings = await [objects(stores)] + coordination(stores)
    await stores.objects.close()
    return findings
  }

  private func objects(_ stores: Stores) async -> Finding {
    let begun = ContinuousClock.now
    do {
      _ = try await stores.objects.entries(in: ObjectMap.jobs, after: "", limit: 1)
      return .good("object store", "answers in \(DurationText.text(ContinuousClock.now - begun))")
    } catch {
      return wrong("object store", error)
    }
  }

  private func coordination(_ stores: Stores) async -> [Finding] {
    do {
      return try await stores.coordination.withSession { session in
        let begun = ContinuousClock.now
        let format = try await session.read(NodeMap.format)
        let answer = Finding.good(
          "coordination store", "answers in \(DurationText.text(ContinuousClock.now - begun))")
        guard let format else { return [answer, .good("format", "nothing was written yet")] }
        let version = String(decoding: format.data.prefix(20), as: UTF8.self)
        guard version == String(NodeMap.formatVersion) else {
          return [
            answer,
            .bad(
              "format", "the stores have format \(version), and this program \(NodeMap.formatVersion)",
              remedy: "run the version of distci that wrote them, or use other stores"),
          ]
        }
        return [answer, .good("format", version)] + (try await workers(session))
      }
    } catch {
      return [wrong("coordination store", error)]
    }
  }

  private func workers(_ session: any CoordinationSession) async throws -> [Finding] {
    let workers = try await Membership.workers(session).map(\.1)
    let recovery = try await session.read(NodeMap.role("recovery"))
    let role: Finding =
      recovery == nil
      ? .bad(
        "recovery", "nobody plays the role that gives back what lost workers had",
        remedy: "start a worker: any of them plays it")
      : .good("recovery", "somebody plays the role")
    return [role] + TaskKind.allCases.map { WorkerExamination.finding($0, workers) }
  }

  private func wrong(_ check: String, _ error: any Error) -> Finding {
    if let failure = error as? CommandFailure { return .bad(check, failure.message, remedy: failure.remedy) }
    return .bad(
      check, "it cannot be used: \(error)", remedy: "see whether its servers run, and whether its address is right")
  }
}
