import RankingData

/// Reads a finished slate and checks every rule again, in another way than it was filled: nothing
/// that breaks a rule leaves, whatever went wrong before.
package struct SlateAssertion {
  /// By how much a cosine may lie above the threshold: two ways of adding up the same products.
  private static let rounding = 1e-4

  private let rules: SlateRules
  private let list: SlateList
  private let pins: [SlateRules.Pin]
  private let pinned: Set<Int>
  private let history: Set<String>
  private let centre: [Float]?
  private let length: Int

  /// - Parameters:
  ///   - pins: Every position that someone asked for.
  ///   - pinned: Candidates that stand at a position of their own.
  ///   - history: Ids of the items that the user has, where the rules ask.
  ///   - centre: Subtracted from visual vectors before they are compared.
  ///   - length: Positions in the slate that were asked for.
  package init(
    rules: SlateRules, list: SlateList, pins: [SlateRules.Pin] = [], pinned: Set<Int> = [],
    history: Set<String> = [], centre: [Float]? = nil, length: Int
  ) {
    self.rules = rules
    self.list = list
    self.pins = pins
    self.pinned = pinned
    self.history = history
    self.centre = centre
    self.length = length
  }

  /// Throws `SlateError.ruleBroken` for the first rule that is neither kept nor among the
  /// concessions. O(length · (rules + window)), and O(length² · width) where images are compared.
  package func check(_ slate: [Int], _ concessions: [SlateConcession] = []) throws(SlateError) {
    guard slate.count <= length, Set(slate).count == slate.count,
      slate.allSatisfy(list.ids.indices.contains)
    else { throw fail("a slate shows each candidate once and is not longer than asked for") }
    for candidate in slate {
      if let reason = rules.eligibility.reason(list, candidate, history: history) {
        throw fail("“\(list.ids[candidate])” is not eligible: \(reason)")
      }
    }
    for pin in pins
    where !concessions.contains(.unpinned(item: pin.item, position: pin.position)) {
      guard slate.indices.contains(pin.position), list.ids[slate[pin.position]] == pin.item else {
        throw fail("“\(pin.item)” is pinned to position \(pin.position)")
      }
    }
    for (index, cap) in rules.caps.enumerated() {
      let relaxed = concessions.compactMap { concession -> Int? in
        guard case .relaxed(index, _, let position, _, _) = concession else { return nil }
        return position
      }
      try check(cap, slate, relaxed: relaxed)
    }
    if let duplicates = rules.nearDuplicates { try check(duplicates, slate) }
  }

  private func check(_ cap: CategoryCap, _ slate: [Int], relaxed: [Int]) throws(SlateError) {
    let kinds = slate.map { CapLedger.kind(cap, list, $0) }
    let window = min(cap.window ?? length, slate.count)
    for start in 0..<max(slate.count - window + 1, 0) {
      let range = start..<start + window
      let counts = Dictionary(grouping: kinds[range].compactMap { $0 }, by: { $0 })
      guard let (kind, _) = counts.first(where: { $0.value.count > cap.most }) else { continue }
      if !relaxed.contains(where: range.contains) {
        throw fail("positions \(range) hold more than \(cap.text(kind))")
      }
    }
  }

  /// Only what is pinned may show again what another pin shows.
  private func check(_ rule: NearDuplicates, _ slate: [Int]) throws(SlateError) {
    func repeats(_ candidate: Int, _ original: Int) -> SlateError {
      fail("“\(list.ids[candidate])” is a near-duplicate of “\(list.ids[original])”")
    }
    var products = ProductCopies(rule, list)
    for candidate in slate.filter(pinned.contains) { products.keep(candidate) }
    for candidate in slate where !pinned.contains(candidate) {
      if let (original, _) = products.original(of: candidate) {
        throw repeats(candidate, original)
      }
      products.keep(candidate)
    }
    guard let threshold = rule.cosine else { return }
    let images = try SlateSimilarity(
      list, slate, weights: SimilarityWeights(visual: 1, category: 0), centre: centre)
    for (place, candidate) in slate.enumerated() where !pinned.contains(candidate) {
      let cosines = images.row(of: place)
      for (other, original) in slate.enumerated()
      where (other < place || pinned.contains(original))
        && cosines[other] > threshold + Self.rounding
      {
        throw repeats(candidate, original)
      }
    }
  }

  private func fail(_ rule: String) -> SlateError { .ruleBroken(list: list.id, rule: rule) }
}
