/// The working memory of one call of `Seq2SlateDecoder`, and the ways of decoding on it.
package struct DecoderBuffers: Sendable {
  private(set) var encoding = ListEncoding()
  package private(set) var states = DecoderStates()

  /// More numbers of a step than this are not kept between calls.
  private static let keptScores = 1 << 16
  /// Nor is the encoding of more candidates than this.
  private static let keptCandidates = 1024

  package init() {}

  /// Whether it is small enough to wait for another call.
  var isWorthKeeping: Bool {
    encoding.capacity <= Self.keptCandidates && states.scores.count <= Self.keptScores
  }

  /// Encodes a list of at least one candidate and stands before its first step.
  package mutating func encode(
    _ list: SlateList, _ weights: Seq2SlateWeights
  ) throws(SlateError) {
    try encoding.encode(list, weights)
    states.start(encoding, weights)
  }

  /// Scores what is left for the next place of every slate.
  package mutating func score(
    _ list: SlateList, _ weights: Seq2SlateWeights
  ) throws(SlateError) {
    try states.score(list, encoding, weights)
  }

  mutating func follow(_ choices: [DecoderChoice], _ weights: Seq2SlateWeights) {
    states.follow(choices, encoding, weights)
  }

  /// The best candidate at every step.
  mutating func greedy(
    _ list: SlateList, _ weights: Seq2SlateWeights, _ count: Int
  ) throws(SlateError) -> [Int] {
    var order: [Int] = []
    order.reserveCapacity(count)
    while true {
      try score(list, weights)
      let best = states.best(row: 0)
      order.append(best)
      if order.count == count { return order }
      follow([DecoderChoice(parent: 0, candidate: best)], weights)
    }
  }

  /// All candidates by their scores in the first step; equal ones keep their base order.
  mutating func oneStep(
    _ list: SlateList, _ weights: Seq2SlateWeights, _ count: Int
  ) throws(SlateError) -> [Int] {
    states.start(encoding, weights)
    try score(list, weights)
    let scores = states.scores
    let order = (0..<list.count).sorted {
      scores[$0] > scores[$1] || (scores[$0] == scores[$1] && $0 < $1)
    }
    return Array(order.prefix(count))
  }

  /// The sum of log p over the choices of an order.
  mutating func logProbability(
    of order: [Int], _ list: SlateList, _ weights: Seq2SlateWeights
  ) throws(SlateError) -> Double {
    states.start(encoding, weights)
    var total = 0.0
    for (place, candidate) in order.enumerated() {
      try score(list, weights)
      total += Double(states.scores[candidate]) - states.logNormalizer(row: 0)
      if place + 1 < order.count {
        follow([DecoderChoice(parent: 0, candidate: candidate)], weights)
      }
    }
    return total
  }
}
