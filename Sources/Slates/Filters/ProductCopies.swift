import RankingData

/// What the item features say about sameness.
struct ProductCopies {
  private let rule: NearDuplicates
  private let list: SlateList
  private var products: [String: Int] = [:]
  private var hashes: [(bits: UInt64, candidate: Int)] = []

  init(_ rule: NearDuplicates, _ list: SlateList) {
    self.rule = rule
    self.list = list
  }

  /// The candidate kept before that this one shows again.
  func original(of candidate: Int) -> (Int, SlateRemoval.Likeness)? {
    if let product = product(candidate), let original = products[product] {
      return (original, .product)
    }
    guard let bits = bits(candidate) else { return nil }
    for kept in hashes {
      let distance = (kept.bits ^ bits).nonzeroBitCount
      if distance <= rule.hashDistance { return (kept.candidate, .hash(distance)) }
    }
    return nil
  }

  mutating func keep(_ candidate: Int) {
    if let product = product(candidate), products[product] == nil { products[product] = candidate }
    if let bits = bits(candidate) { hashes.append((bits, candidate)) }
  }

  private func product(_ candidate: Int) -> String? {
    guard let feature = rule.product, !list.attributes.isEmpty else { return nil }
    return list.attributes[candidate][feature]?.identifier
  }

  private func bits(_ candidate: Int) -> UInt64? {
    guard let feature = rule.hash, !list.attributes.isEmpty,
      case .text(let digits)? = list.attributes[candidate][feature], digits.utf8.count == 16
    else { return nil }
    return UInt64(digits, radix: 16)
  }
}
