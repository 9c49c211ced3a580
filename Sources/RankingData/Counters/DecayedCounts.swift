import Foundation

/// Counts of which an event of `halfLife` seconds ago is half as much as one of now.
struct DecayedCounts: Sendable, Hashable {
  /// As they were at `time`.
  private(set) var counts = RateCounts()
  /// The last event, in seconds since 1970.
  private(set) var time = 0.0

  /// The counts as they are at a time. Nothing grows back for a time before the last event.
  func counts(at now: Double, halfLife: Double?) -> RateCounts {
    guard let halfLife, now > time else { return counts }
    let left = exp2(-(now - time) / halfLife)
    return RateCounts(positives: counts.positives * left, impressions: counts.impressions * left)
  }

  /// Adds an event; events come in order of time.
  mutating func add(isPositive: Bool, at now: Double, halfLife: Double?) {
    counts = counts(at: now, halfLife: halfLife)
    counts.impressions += 1
    if isPositive { counts.positives += 1 }
    time = now
  }

  init() {}

  init(_ counts: RateCounts, time: Double) {
    self.counts = counts
    self.time = time
  }
}
