package import Tensors

/// Which choices the decoder sees as its past while it is trained.
package enum DecoderPrefix {
  /// Clicked candidates first, then the others, both in base order.
  case teacher
  /// At each step and for each list, the model's own best choice with probability `share`, and
  /// the next of the teacher's order otherwise. The gradient flows through the loss only, not
  /// through the choice.
  case mixed(share: Double)
  /// Given orders, one a list.
  case fixed([[Int]])

  package func picks(
    _ step: Seq2Slate.Step, _ batch: SlateBatch, random: inout RandomStream
  ) -> [Int] {
    let n = batch.steps
    return batch.lists.indices.map { b in
      let list = batch.lists[b]
      guard step.chosen[b].count < list.count else { return 0 }
      switch self {
      case .fixed(let orders):
        return orders[b][step.number]
      case .mixed(let share) where Double(random.nextUniform()) < share:
        return step.best(b, among: list.count, rowLength: n)
      case .teacher, .mixed:
        let open = (0..<list.count).filter { step.mask[b * n + $0] }
        return open.first { list.clicks?[$0] == true } ?? open[0]
      }
    }
  }
}

extension Seq2Slate.Step {
  /// The open candidate with the highest score; the lower base position wins a tie.
  func best(_ list: Int, among count: Int, rowLength: Int) -> Int {
    let scores = scores.span
    var best = -1
    for i in 0..<count where mask[list * rowLength + i] {
      if best < 0 || scores[list * rowLength + i] > scores[list * rowLength + best] { best = i }
    }
    return best
  }
}
