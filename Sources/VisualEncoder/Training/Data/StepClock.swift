import Synchronization

/// Tells the time of training steps from the time spent waiting for pictures.
package final class StepClock: Sendable {
  private struct State {
    var begun: ContinuousClock.Instant?
    var ended: ContinuousClock.Instant?
    var current = 0
    var rates: [Double] = []
    var pictures = 0
    var time = Duration.zero
    var waiting = Duration.zero
  }

  private let state = Mutex(State())

  package init() {}

  func stepEnded() {
    state.withLock { state in
      let now = ContinuousClock.now
      if let begun = state.begun {
        state.rates.append(Double(state.current) / ((now - begun) / .seconds(1)))
        state.pictures += state.current
        state.time += now - begun
      }
      (state.begun, state.ended) = (nil, now)
    }
  }

  func stepBegins(pictures: Int) {
    state.withLock { state in
      let now = ContinuousClock.now
      if let ended = state.ended { state.waiting += now - ended }
      (state.begun, state.current) = (now, pictures)
    }
  }

  /// Time the training waited for its pictures.
  package var waiting: Duration { state.withLock { $0.waiting } }

  /// Pictures a second, waiting included; nil before the first step has ended.
  package var overallRate: Double? {
    state.withLock { state in
      let time = (state.time + state.waiting) / .seconds(1)
      return state.pictures > 0 && time > 0 ? Double(state.pictures) / time : nil
    }
  }

  /// Pictures a second of steps alone: the median over all steps, which forgets the first ones that
  /// build what later ones use. Nil before the first step has ended.
  package var rate: Double? {
    state.withLock { state in
      let rates = state.rates.sorted()
      return rates.isEmpty ? nil : rates[rates.count / 2]
    }
  }
}
