import RankingData

extension RankingBatch {
  /// The batch once for each field, with that field's values dealt to other rows.
  func withoutEach(_ layout: FeatureLayout, seed: UInt64) -> [(name: String, batch: RankingBatch)] {
    var random = SeededRandom(seed: seed)
    let order = (0..<Int32(count)).shuffled(using: &random)
    var result: [(name: String, batch: RankingBatch)] = []
    for (index, field) in layout.categorical.enumerated() {
      var copy = self
      copy.categorical[index] = order.map { categorical[index][Int($0)] }
      result.append((field.name, copy))
    }
    for (index, field) in layout.bags.enumerated() {
      var copy = self
      var bag = Bag()
      for row in order { bag.append(Array(bags[index][Int(row)])) }
      copy.bags[index] = bag
      if index < copy.bagAges.count { copy.bagAges[index] = [] }
      result.append((field.name, copy))
    }
    for (index, name) in layout.numeric.enumerated() {
      var copy = self
      for (row, other) in order.enumerated() {
        copy.numeric[row * numericWidth + index] = numeric[Int(other) * numericWidth + index]
      }
      result.append((name, copy))
    }
    return result
  }
}
