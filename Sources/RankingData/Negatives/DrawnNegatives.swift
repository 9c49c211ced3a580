internal import Foundation

/// Items that were not shown, to be seen in training as if they had been and were not clicked.
package struct DrawnNegatives: Sendable {
  /// The positive row whose request each joins.
  package var positives: [Int32] = []
  /// Item codes.
  package var items: [Int32] = []
  /// The last training row that showed the item at or before that request: what it looked like then.
  package var donors: [Int32] = []
  /// How each was drawn.
  package var sources: [NegativeSource] = []
  /// The probability of each in one draw of the mixture.
  package var probabilities: [Double] = []
  /// Of each, the logarithm of the number of times it was to be expected for its positive row.
  package var logExpected: [Float] = []
  /// Draws for which no item was found that the user had not clicked.
  package var skipped = 0

  /// Number of rows.
  package var count: Int { items.count }
}

extension ImpressionLog {
  /// Draws negatives for the positive ones of some rows.
  ///
  /// Never drawn are items that the user clicked in `rows` or `training`, items of the same request,
  /// and, where there are times, items that no training row showed by then. O(rows log rows + draws).
  /// - Parameter training: the rows that say which items there are and how popular they are.
  package func drawNegatives(
    _ plan: NegativePlan, for rows: [Int32], training: [Int32]
  ) -> DrawnNegatives {
    let positives = rows.filter { isPositive(labels[Int($0)]) }
    let sampler = NegativeSampler(self, plan, rows: rows, training: training)
    let exposed = rows.count - positives.count
    let perPositive =
      plan.perPositive
      ?? (plan.random + plan.popular) / plan.exposed * Double(exposed)
      / Double(max(1, positives.count))
    var random = SeededRandom(seed: plan.seed)
    var drawn = DrawnNegatives()
    guard sampler.canDraw, perPositive > 0 else { return drawn }
    for (index, row) in positives.enumerated() {
      // Fractions of a row add up over positives.
      let wanted =
        Int(Double(index + 1) * perPositive) - Int(Double(index) * perPositive)
      var taken: Set<Int32> = []
      for _ in 0..<wanted {
        guard let draw = sampler.draw(for: row, not: taken, &random) else {
          drawn.skipped += 1
          continue
        }
        taken.insert(draw.item)
        let probability = sampler.probability(of: Int(draw.item))
        drawn.positives.append(row)
        drawn.items.append(draw.item)
        drawn.donors.append(draw.donor)
        drawn.sources.append(draw.source)
        drawn.probabilities.append(probability)
        drawn.logExpected.append(Float(log(perPositive * probability)))
      }
    }
    return drawn
  }
}
