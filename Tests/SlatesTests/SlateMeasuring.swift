import Foundation
import Synchronization

/// How the numbers for the documentation are taken, on request only: `tools/benchmarks/slates` sets
/// the folder and limits the cores.
enum SlateMeasuring {
  static let folder = ProcessInfo.processInfo.environment["VITRINE_MEASURE"]

  /// Median and 99th percentile of a request, in milliseconds.
  static func latency(_ name: String, _ request: () throws -> Void) rethrows {
    var times: [Double] = []
    for round in -200..<2000 {
      let start = ContinuousClock.now
      try request()
      if round >= 0 { times.append(start.duration(to: .now) / .milliseconds(1)) }
    }
    times.sort()
    print("measured: \(name) \(times[1000]) \(times[1980])")
  }

  /// Requests a second of two threads.
  static func rate(_ name: String, _ request: @Sendable @escaping () throws -> Void) {
    let done = Mutex(0)
    let start = ContinuousClock.now
    DispatchQueue.concurrentPerform(iterations: 2) { _ in
      var count = 0
      while start.duration(to: .now) < .seconds(2) {
        guard (try? request()) != nil else { preconditionFailure("\(name) failed") }
        count += 1
      }
      done.withLock { $0 += count }
    }
    print(
      "measured: \(name) \(Double(done.withLock { $0 }) / (start.duration(to: .now) / .seconds(1)))"
    )
  }

  static func write(_ value: some Encodable, to name: String) throws {
    try JSONEncoder().encode(value).write(to: URL(filePath: "\(folder ?? "")/\(name)"))
  }
}
