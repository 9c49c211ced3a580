import Foundation
package import Tensors

/// Which choices the decoder sees as its past while it is trained.
package enum DecoderPrefix: Sendable {
  /// How the model chooses for itself.
  package enum Choice: Sendable {
    /// The highest score.
    case greedy
    /// A draw from the step's own distribution.
    case sampled
  }

  /// Clicked candidates first, then the others, both in base order.
  case teacher
  /// At each step and for each list, the model's own choice with probability `share`, and the next
  /// of the teacher's order otherwise. The gradient flows through the loss only, not through the
  /// choice.
  case mixed(share: Double, by: Choice = .greedy)
  /// Given orders, one a list.
  case fixed([[Int]])

  /// Draws from the step's own distribution throughout.
  package static let samples = DecoderPrefix.mixed(share: 1, by: .sampled)
  /// The model's best choices throughout.
  package static let greedy = DecoderPrefix.mixed(share: 1)

  /// The next candidate of every list; 0 for a list without candidates left.
  package func picks(
    _ step: Seq2Slate.Step, _ batch: SlateBatch, random: inout RandomStream
  ) -> [Int] {
    let n = batch.steps
    return batch.lists.indices.map { b in
      let list = batch.lists[b]
      guard step.chosen[b].count < list.count else { return 0 }
      let row = b * n..<b * n + list.count
      switch self {
      case .fixed(let orders):
        return orders[b][step.number]
      case .mixed(let share, let choice) where Double(random.nextUniform()) < share:
        switch choice {
        case .greedy: return step.best(row)
        case .sampled: return step.drawn(row, Double(random.nextUniform()))
        }
      case .teacher, .mixed:
        return step.taught(row, list.clicks)
      }
    }
  }
}

extension Seq2Slate.Step {
  /// The open candidate with the highest score; the lower base position wins a tie.
  fileprivate func best(_ row: Range<Int>) -> Int {
    let scores = scores.span
    var best: Int?
    for index in row where mask[index] && best.map({ scores[index] > scores[$0] }) ?? true {
      best = index
    }
    return (best ?? row.lowerBound) - row.lowerBound
  }

  /// The open candidate in whose share of the softmax `draw`, in 0 ..< 1, falls.
  fileprivate func drawn(_ row: Range<Int>, _ draw: Double) -> Int {
    let scores = scores.span
    let top = Double(scores[row.lowerBound + best(row)])
    var total = 0.0
    for index in row where mask[index] { total += exp(Double(scores[index]) - top) }
    var rest = draw * total
    var last = row.lowerBound
    for index in row where mask[index] {
      last = index
      rest -= exp(Double(scores[index]) - top)
      if rest < 0 { break }
    }
    return last - row.lowerBound
  }

  /// The first open candidate that was clicked, or the first at all.
  fileprivate func taught(_ row: Range<Int>, _ clicks: [Bool]?) -> Int {
    var first: Int?
    for index in row where mask[index] {
      let candidate = index - row.lowerBound
      if clicks?[candidate] == true { return candidate }
      first = first ?? candidate
    }
    return first ?? 0
  }
}
