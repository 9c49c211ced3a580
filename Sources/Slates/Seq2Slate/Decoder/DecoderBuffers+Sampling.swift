import Foundation
import RankingData
import Tensors

extension DecoderBuffers {
  /// Orders drawn from the model, each choice with probability proportional to e^(score /
  /// temperature). Sample number s of a list depends on the seed, the list's id and s alone.
  mutating func samples(
    _ list: SlateList, _ weights: Seq2SlateWeights, _ count: Int, temperature: Double,
    samples: Int, seed: UInt64
  ) throws(SlateError) -> [SlateProposal] {
    let key = StableHash.combined(seed, StableHash.hash(list.id))
    var streams = (0..<samples).map { RandomStream(seed: key, stream: UInt64($0)) }
    var orders = [[Int]](repeating: [], count: samples)
    var totals = [Double](repeating: 0, count: samples)
    var shares = [Double](repeating: 0, count: list.count)
    for place in 0..<count {
      try score(list, weights)
      var choices: [DecoderChoice] = []
      for sample in 0..<samples {
        // All samples share the first step.
        let row = place == 0 ? 0 : sample
        let choice = draw(
          row: row, count: list.count, temperature: temperature, &streams[sample], &shares)
        orders[sample].append(choice)
        totals[sample] +=
          Double(states.scores[row * list.count + choice]) - states.logNormalizer(row: row)
        choices.append(DecoderChoice(parent: row, candidate: choice))
      }
      if place + 1 < count { follow(choices, weights) }
    }
    return zip(orders, totals).map { SlateProposal(order: $0, logProbability: $1) }
  }

  private func draw(
    row: Int, count: Int, temperature: Double, _ random: inout RandomStream,
    _ shares: inout [Double]
  ) -> Int {
    let best = states.best(row: row)
    let largest = Double(states.scores[row * count + best])
    var sum = 0.0
    for i in 0..<count {
      shares[i] =
        states.isOpen(i, row: row)
        ? exp((Double(states.scores[row * count + i]) - largest) / temperature) : 0
      sum += shares[i]
    }
    // 53 random bits: a number in [0, 1) in steps that a Double can tell apart.
    var left = Double(random.next() >> 11) * 0x1p-53 * sum
    for i in 0..<count where shares[i] > 0 {
      left -= shares[i]
      if left < 0 { return i }
    }
    // Rounding can leave a remainder behind the last candidate.
    return best
  }
}
