import RankingData
import Slates
import Testing

/// Slates that keep to the rules pass, and each broken rule is found.
@Suite struct SlateAssertionTests {
  /// Candidates 0 and 1 show the same image, 2 and 3 the same product; 0 and 2 are of one category.
  private let list = made {
    try SlateList(
      id: "list", ids: ["a", "b", "c", "d"], scores: [4, 3, 2, 1],
      categories: ["x", "y", "x", nil],
      visuals: VisualTable(
        ids: ["a", "b", "c"], width: 2, vectors: [1, 0.01, 2, 0.01, 0, 1]),
      attributes: [[:], [:], ["product": .text("p")], ["product": .text("p")]])
  }

  private func check(
    _ slate: [Int], length: Int = 2, pins: [SlateRules.Pin] = [], pinned: Set<Int> = [],
    conceding concessions: [SlateConcession] = [], _ rules: (inout SlateRules) -> Void = { _ in }
  ) -> String? {
    var all = SlateRules()
    rules(&all)
    do {
      try SlateAssertion(rules: all, list: list, pins: pins, pinned: pinned, length: length)
        .check(slate, concessions)
      return nil
    } catch { return "\(error)" }
  }

  @Test func placesAndLength() {
    #expect(check([0, 1]) == nil && check([]) == nil)
    for slate in [[0, 0], [0, 1, 2], [0, 4], [-1]] {
      #expect(check(slate)?.contains("shows each candidate once") == true, "\(slate)")
    }
  }

  @Test func eligibility() {
    let blocked = { (rules: inout SlateRules) in rules.eligibility.blocked = ["c"] }
    #expect(check([0, 1], blocked) == nil)
    #expect(check([0, 2], blocked)?.contains("“c” is not eligible") == true)
  }

  @Test func pins() {
    let pin = SlateRules.Pin(item: "d", position: 1)
    #expect(check([0, 3], pins: [pin]) == nil)
    #expect(check([3, 0], pins: [pin])?.contains("“d” is pinned to position 1") == true)
    #expect(check([3], pins: [pin]) != nil)
    #expect(check([0, 1], pins: [pin], conceding: [.unpinned(item: "d", position: 1)]) == nil)
  }

  @Test func caps() {
    let cap = { (rules: inout SlateRules) in rules.caps = [CategoryCap(most: 1, window: 2)] }
    #expect(check([0, 1, 2], length: 3, cap) == nil)
    #expect(check([1, 0, 2], length: 3, cap)?.contains("hold more than") == true)
    let relaxed = SlateConcession.relaxed(
      cap: 0, by: "category", position: 2, most: 1, window: 1)
    #expect(check([1, 0, 2], length: 3, conceding: [relaxed], cap) == nil)
  }

  @Test func nearDuplicates() {
    let images = { (rules: inout SlateRules) in rules.nearDuplicates = NearDuplicates(cosine: 0.95)
    }
    #expect(check([0, 2], images) == nil)
    #expect(check([0, 1], images)?.contains("“b” is a near-duplicate of “a”") == true)
    #expect(check([0, 1], pinned: [0], images) != nil)
    #expect(check([0, 1], pinned: [0, 1], images) == nil)
    let products = { (rules: inout SlateRules) in
      rules.nearDuplicates = NearDuplicates(cosine: nil, product: "product")
    }
    #expect(check([0, 1], products) == nil)
    #expect(check([3, 2], products)?.contains("“c” is a near-duplicate of “d”") == true)
    #expect(check([3, 2], pinned: [2], products)?.contains("“d” is a near-duplicate") == true)
    #expect(check([3, 2], pinned: [2, 3], products) == nil)
  }
}
