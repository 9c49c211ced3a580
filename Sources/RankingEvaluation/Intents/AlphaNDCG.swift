/// α-NDCG: gain for every intent that an item serves, less for each earlier item that served it
/// (Clarke et al., "Novelty and diversity in information retrieval evaluation", SIGIR 2008).
///
/// The ideal order is NP-hard; as everywhere, it is built greedily, which is the best order or a few
/// percent below it. A list in an even better order has a value above 1.
public struct AlphaNDCG: Sendable, Hashable, Codable {
  /// How much of an intent's gain is lost with every item that served it before; 0 counts all.
  public var alpha: Double
  /// Positions that count; all when `nil`.
  public var cutoff: Int?

  /// Creates the metric.
  public init(alpha: Double = 0.5, cutoff: Int? = nil) {
    precondition((0...1).contains(alpha), "Alpha lies from 0 to 1, not \(alpha).")
    precondition(cutoff ?? 1 > 0, "A cutoff is at least 1, not \(cutoff ?? 0).")
    self.alpha = alpha
    self.cutoff = cutoff
  }

  /// α-DCG of a list in ranked order: the intents that each item serves. O(Σ intents).
  package func dcg(_ list: [Set<Int>]) -> Double {
    var left: [Int: Double] = [:]
    var sum = 0.0
    for (place, intents) in list.prefix(cutoff ?? .max).enumerated() {
      sum += take(intents, &left) * discount(place)
    }
    return sum
  }

  /// The greedy order: at each position the item that gains most, the first of equals.
  /// O(length² × intents).
  package func idealOrder(_ list: [Set<Int>]) -> [Int] {
    var rest = Array(list.indices)
    var left: [Int: Double] = [:]
    var order: [Int] = []
    while !rest.isEmpty {
      let gains = rest.map { item in list[item].sorted().reduce(0) { $0 + left[$1, default: 1] } }
      var best = 0
      for place in gains.indices where gains[place] > gains[best] { best = place }
      let item = rest.remove(at: best)
      _ = take(list[item], &left)
      order.append(item)
    }
    return order
  }

  /// α-NDCG of a list in ranked order; `nil` when no item serves any intent.
  package func callAsFunction(_ list: [Set<Int>]) -> Double? {
    let ideal = dcg(idealOrder(list).map { list[$0] })
    return ideal > 0 ? dcg(list) / ideal : nil
  }

  /// What the intents are still worth, and less of them left for later items.
  private func take(_ intents: Set<Int>, _ left: inout [Int: Double]) -> Double {
    var gain = 0.0
    // Sorted, because sums in a set's own order would differ from run to run.
    for intent in intents.sorted() {
      gain += left[intent, default: 1]
      left[intent, default: 1] *= 1 - alpha
    }
    return gain
  }
}
