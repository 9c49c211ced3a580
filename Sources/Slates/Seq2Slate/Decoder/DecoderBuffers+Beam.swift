extension DecoderBuffers {
  /// Beam search on the sum of log p: at every place the `width` best continuations of the slates
  /// held so far, over all of them. The most probable comes first.
  ///
  /// Equal sums go to the continuation of the better slate, then to the higher score, then to the
  /// lower base position, so that a width of 1 is greedy decoding exactly.
  mutating func beam(
    _ list: SlateList, _ weights: Seq2SlateWeights, _ count: Int, width: Int
  ) throws(SlateError) -> [SlateProposal] {
    var totals = [0.0]
    var history: [[DecoderChoice]] = []
    while history.count < count {
      try score(list, weights)
      let best = continuations(of: totals, count: list.count, width: width)
      totals = best.map(\.total)
      history.append(best.map(\.choice))
      if history.count < count { follow(best.map(\.choice), weights) }
    }
    return totals.indices.map { last in
      SlateProposal(order: trace(history, from: last), logProbability: totals[last])
    }
  }

  private struct Continuation {
    let total: Double
    let score: Double
    let choice: DecoderChoice

    /// Whether it comes before one that was found earlier, in the order of slates and candidates.
    func precedes(_ earlier: Continuation) -> Bool {
      total > earlier.total
        || (total == earlier.total && choice.parent == earlier.choice.parent
          && score > earlier.score)
    }
  }

  /// The best continuations of all slates, best first. O(rows · n · width) at worst.
  private func continuations(of totals: [Double], count: Int, width: Int) -> [Continuation] {
    var best: [Continuation] = []
    best.reserveCapacity(width + 1)
    for (row, total) in totals.enumerated() {
      let normalizer = states.logNormalizer(row: row)
      for candidate in 0..<count where states.isOpen(candidate, row: row) {
        let score = Double(states.scores[row * count + candidate])
        let continuation = Continuation(
          total: total + (score - normalizer), score: score,
          choice: DecoderChoice(parent: row, candidate: candidate))
        if best.count == width, let last = best.last, !continuation.precedes(last) { continue }
        let place = best.lastIndex { !continuation.precedes($0) }.map { $0 + 1 } ?? 0
        best.insert(continuation, at: place)
        if best.count > width { best.removeLast() }
      }
    }
    return best
  }

  /// The choices that led to a slate of the last step.
  private func trace(_ history: [[DecoderChoice]], from last: Int) -> [Int] {
    var row = last
    var order: [Int] = []
    for choices in history.reversed() {
      order.append(choices[row].candidate)
      row = choices[row].parent
    }
    return order.reversed()
  }
}
