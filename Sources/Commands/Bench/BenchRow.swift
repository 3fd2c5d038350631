import ArgumentParser

/// One thing that is measured.
enum BenchRow: String, CaseIterable, ExpressibleByArgument {
  case latency, throughput, claims, burst, idle, crowd
}
