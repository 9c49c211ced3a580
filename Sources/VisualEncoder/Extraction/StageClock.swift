/// Where the time of an extraction goes.
package struct StageSeconds: Sendable, Equatable {
  /// Reading and hashing files, and looking them up in the cache.
  package var read = 0.0
  /// Decoding, upright turning included.
  package var decode = 0.0
  /// Resampling and cropping.
  package var resize = 0.0
  /// The network.
  package var infer = 0.0
  /// Writing vectors, shards and the index; beside the workers.
  package var store = 0.0

  static func + (left: StageSeconds, right: StageSeconds) -> StageSeconds {
    StageSeconds(
      read: left.read + right.read, decode: left.decode + right.decode,
      resize: left.resize + right.resize, infer: left.infer + right.infer,
      store: left.store + right.store)
  }
}

/// Attributes the time of one thread to stages.
struct StageClock {
  private(set) var seconds = StageSeconds()
  private var last = ContinuousClock.now

  /// Forgets the time since the last mark.
  mutating func restart() { last = .now }

  /// Counts the time since the last mark as the stage's.
  mutating func mark(_ stage: WritableKeyPath<StageSeconds, Double>) {
    let now = ContinuousClock.now
    seconds[keyPath: stage] += (now - last).inSeconds
    last = now
  }

  /// Moves time that is part of one stage to another.
  mutating func move(
    _ amount: Double, from: WritableKeyPath<StageSeconds, Double>,
    to: WritableKeyPath<StageSeconds, Double>
  ) {
    seconds[keyPath: from] -= amount
    seconds[keyPath: to] += amount
  }
}

extension Duration {
  var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
