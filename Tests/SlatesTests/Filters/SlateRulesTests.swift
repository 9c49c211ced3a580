import Foundation
import RankingData
import Slates
import Testing

/// Items in base order, as `id/category` with features.
private func list(
  _ items: [(id: String, category: String?)], features: [String: [String: FeatureValue]] = [:],
  visuals: VisualTable = .empty
) -> SlateList {
  made {
    try SlateList(
      RankingRequest(
        id: "r",
        items: items.enumerated().map { rank, item in
          Candidate(
            id: item.id, category: item.category, score: -Double(rank),
            features: features[item.id] ?? [:])
        }), visuals: visuals, attributes: true)
  }
}

/// One item a letter, its category the letter itself, named by its place: `AAB` is A0, A1, B2.
private func list(_ categories: String, visuals: VisualTable = .empty) -> SlateList {
  list(
    categories.enumerated().map { ("\($1)\($0)", String($1)) }, visuals: visuals)
}

extension SlateReranker {
  fileprivate init(_ rules: SlateRules, top: Int? = nil, visuals: VisualTable = .empty) {
    self = made {
      try SlateReranker(rules: rules, visuals: visuals, options: .init(top: top, explains: true))
    }
  }

  fileprivate func ids(_ list: SlateList, history: [HistoryEntry] = []) -> [String] {
    made { try arrange(list, history: history) }.placements.map { list.ids[$0.rankBefore] }
  }
}

@Suite struct EligibilityTests {
  private let items = list(
    [("a", "x"), ("b", "y"), ("c", nil), ("d", "x")],
    features: [
      "a": ["stock": "yes", "region": ["de", "at"], "shown": 3],
      "b": ["stock": "no", "region": "de"], "d": ["stock": "yes", "region": "fr", "shown": 2],
    ])

  private func left(_ eligibility: Eligibility) -> [String] {
    SlateReranker(SlateRules(eligibility: eligibility)).ids(items)
  }

  @Test func everyRuleLeavesOutWhatItNames() {
    #expect(left(Eligibility(blocked: ["b", "unheard"])) == ["a", "c", "d"])
    #expect(left(Eligibility(blockedCategories: ["x"])) == ["b", "c"])
    // What has no stock at all was vouched for by no one.
    #expect(left(Eligibility(require: ["stock": ["yes"]])) == ["a", "d"])
    #expect(left(Eligibility(require: ["region": ["at"]])) == ["a"])
    #expect(left(Eligibility(forbid: ["region": ["at", "fr"]])) == ["b", "c"])
    #expect(left(Eligibility(frequency: [.init(feature: "shown", most: 3)])) == ["b", "c", "d"])
    let owned = SlateRules(eligibility: Eligibility(excludeHistory: true))
    #expect(SlateReranker(owned).ids(items, history: [HistoryEntry(id: "d")]) == ["a", "b", "c"])
  }

  @Test func removalsSayWhy() throws {
    let slate = try SlateReranker(
      SlateRules(eligibility: Eligibility(blocked: ["d"], require: ["stock": ["yes"]]))
    ).arrange(items)
    #expect(slate.removals.map(\.rankBefore) == [1, 2, 3])
    #expect(
      slate.removals.map(\.reason) == [
        .required(feature: "stock", found: "no"), .required(feature: "stock", found: nil), .blocked,
      ])
    #expect("\(slate.removals[0].reason)".contains("“no”"))
  }

  @Test func everyoneMayBeIneligible() throws {
    let none = Eligibility(require: ["unheard": ["x"]])
    #expect(left(none).isEmpty)
  }
}

@Suite struct NearDuplicateTests {
  /// Unit vectors at angles: neighbours of 15° have a cosine of 0.966, next but one 0.866.
  private let chain: VisualTable = {
    let angles = [0.0, 15, 30, 180]
    return VisualTable(
      ids: ["A0", "A1", "A2", "A3"], width: 2,
      vectors: angles.flatMap { [Float(cos($0 * .pi / 180)), Float(sin($0 * .pi / 180))] })
  }()

  @Test func chainsDoNotPullTheirEndsTogether() throws {
    // Vectors of the list's own table are compared as they are: it is not the re-ranker's.
    let items = list("AAAA", visuals: chain)
    let slate = try SlateReranker(SlateRules(nearDuplicates: NearDuplicates())).arrange(items)
    #expect(slate.placements.map(\.rankBefore) == [0, 2, 3])
    guard case .nearDuplicate(of: "A0", .cosine(let cosine)) = slate.removals[0].reason else {
      Issue.record("\(slate.removals)")
      return
    }
    #expect(abs(cosine - 0.9659258) < 1e-5)
    let strict = SlateRules(nearDuplicates: NearDuplicates(cosine: 0.97))
    #expect(SlateReranker(strict).ids(items).count == 4)
  }

  @Test func theMeanOfTheTableIsTakenAway() throws {
    // All point almost the same way, as features of posters do; less their mean they do not.
    let vectors: [Float] = [100, 1, 0, 100, 0, 1, 100, -1, 0, 100, 0, -1]
    let table = VisualTable(ids: ["A0", "A1", "A2", "A3"], width: 3, vectors: vectors)
    let rules = SlateRules(nearDuplicates: NearDuplicates())
    #expect(
      SlateReranker(rules, visuals: table).ids(list("AAAA", visuals: table)).count == 4)
    #expect(SlateReranker(rules).ids(list("AAAA", visuals: table)) == ["A0"])
  }

  @Test func productsAndHashesCount() throws {
    let items = list(
      [("a", nil), ("b", nil), ("c", nil), ("d", nil), ("e", nil)],
      features: [
        "a": ["product": "7", "phash": "00000000000000ff"],
        "b": ["product": "7", "phash": "ff00000000000000"],
        "c": ["product": "8", "phash": "00000000000000f0"],
        "d": ["phash": "000000000000f0f0"], "e": ["phash": "not hexadecimal!"],
      ])
    let rule = NearDuplicates(cosine: nil, product: "product", hash: "phash", hashDistance: 6)
    let slate = try SlateReranker(SlateRules(nearDuplicates: rule)).arrange(items)
    #expect(
      slate.removals.map(\.reason) == [
        .nearDuplicate(of: "a", .product), .nearDuplicate(of: "a", .hash(4)),
      ])
    #expect(slate.placements.map { items.ids[$0.rankBefore] } == ["a", "d", "e"])
  }

  @Test func pinnedItemsStayAndTheirCopiesLeave() {
    let rules = SlateRules(
      nearDuplicates: NearDuplicates(), pins: [.init(item: "A1", position: 0)])
    #expect(SlateReranker(rules).ids(list("AAAA", visuals: chain)) == ["A1", "A3"])
  }
}

@Suite struct CategoryCapTests {
  @Test func capsHoldInsideTheChoice() throws {
    let rules = SlateRules(caps: [CategoryCap(most: 2, window: 5)])
    let items = list("AAAABBCC")
    let slate = try SlateReranker(rules, top: 6).arrange(items)
    #expect(
      slate.placements.map { items.ids[$0.rankBefore] } == ["A0", "A1", "B4", "B5", "C6", "A2"])
    #expect(slate.concessions.isEmpty)
    let waiting = slate.placements[5].explanation
    #expect(waiting?.text.contains("at most 2 of “A” in any 5 positions") == true)
    #expect(slate.placements[2].explanation?.text.hasPrefix("moved up 2") == true)
  }

  @Test func theWindowGivesWayBeforeTheCap() throws {
    let items = list("AAAAB")
    let rules = SlateRules(caps: [CategoryCap(most: 1, window: 4)])
    let slate = try SlateReranker(rules).arrange(items)
    #expect(slate.placements.map { items.ids[$0.rankBefore] } == ["A0", "B4", "A1", "A2", "A3"])
    #expect(
      slate.concessions == [
        // One in two positions still holds for A B A, and nothing does for A A.
        .relaxed(cap: 0, by: "category", position: 2, most: 1, window: 2),
        .relaxed(cap: 0, by: "category", position: 3, most: 2, window: 2),
        .relaxed(cap: 0, by: "category", position: 4, most: 2, window: 2),
      ])
    let other = SlateRules(caps: [CategoryCap(most: 1, window: 4, relax: [.cap])])
    #expect(
      try SlateReranker(other).arrange(items).concessions == [
        .relaxed(cap: 0, by: "category", position: 2, most: 2, window: 4),
        .relaxed(cap: 0, by: "category", position: 3, most: 3, window: 4),
        .relaxed(cap: 0, by: "category", position: 4, most: 3, window: 4),
      ])
  }

  @Test func strictCapsEndTheSlate() throws {
    let rules = SlateRules(caps: [CategoryCap(most: 1, window: nil, relax: [])])
    let slate = try SlateReranker(rules, top: 4).arrange(list("AABA"))
    #expect(slate.placements.map(\.rankBefore) == [0, 2])
    #expect(slate.concessions == [.short(positions: 2, wanted: 4)])
  }

  @Test func theLastCapGivesWayFirst() throws {
    let items = list(
      [("a", "x"), ("b", "x"), ("c", "y")],
      features: ["a": ["brand": "1"], "b": ["brand": "2"], "c": ["brand": "1"]])
    func second(_ caps: [CategoryCap]) throws -> [String] {
      try SlateReranker(SlateRules(caps: caps), top: 2).arrange(items).placements
        .map { items.ids[$0.rankBefore] }
    }
    let (category, brand) = (
      CategoryCap(most: 1, window: 2), CategoryCap(by: "brand", most: 1, window: 2)
    )
    #expect(try second([category, brand]) == ["a", "c"])
    #expect(try second([brand, category]) == ["a", "b"])
  }

  @Test func candidatesBeyondTheHeadHelpOut() throws {
    let rules = SlateRules(caps: [CategoryCap(most: 1, window: 2)])
    let slate = try SlateReranker(rules: rules, options: .init(top: 2, candidates: 3))
      .arrange(list("AAAB"))
    #expect(slate.placements.map(\.rankBefore) == [0, 3] && slate.concessions.isEmpty)
  }

  @Test func diversifiersKeepToCapsToo() throws {
    let rules = SlateRules(caps: [CategoryCap(most: 1, window: 3)])
    for diversity: Diversifier in [.mmr(.standard), .dpp(.standard)] {
      let slate = try SlateReranker(diversity: diversity, rules: rules, options: .init(top: 6))
        .arrange(list("AAABBBCCC"))
      let shown = slate.placements.map { $0.rankBefore / 3 }
      #expect(zip(shown, shown.dropFirst()).allSatisfy { $0 != $1 })
      #expect(zip(shown, shown.dropFirst(2)).allSatisfy { $0 != $1 })
    }
  }
}

@Suite struct PinTests {
  @Test func pinsStandWhereTheyShould() throws {
    let rules = SlateRules(
      pins: [.init(item: "A3", position: 1), .init(item: "gone", position: 0)])
    let items = list("AAAA")
    let slate = try SlateReranker(rules, top: 3).arrange(items)
    #expect(slate.placements.map(\.rankBefore) == [0, 3, 1])
    #expect(slate.concessions == [.unpinned(item: "gone", position: 0)])
    #expect(slate.placements[1].explanation?.text == "moved up 2: pinned to position 1")
  }

  @Test func capsSeePinsAhead() throws {
    // B is pinned to position 2: no other B may stand right above it, though one ranks higher.
    let rules = SlateRules(
      caps: [CategoryCap(most: 1, window: 2)], pins: [.init(item: "B4", position: 2)])
    let items = list("ABCAB")
    let slate = try SlateReranker(rules).arrange(items)
    #expect(slate.placements.map { items.ids[$0.rankBefore] } == ["A0", "C2", "B4", "A3", "B1"])
    #expect(slate.concessions.isEmpty)
  }

  @Test func itemsMayAskForAPosition() throws {
    let items = list(
      [("a", nil), ("b", nil), ("c", nil), ("d", nil)],
      features: ["c": ["slot": 0], "d": ["slot": 0], "b": ["slot": 2.5]])
    let slate = try SlateReranker(SlateRules(pinFeature: "slot")).arrange(items)
    #expect(slate.placements.map { items.ids[$0.rankBefore] } == ["c", "a", "b", "d"])
  }

  @Test func ineligibleItemsAreNotPinned() throws {
    let rules = SlateRules(
      eligibility: Eligibility(blocked: ["A1"]), pins: [.init(item: "A1", position: 0)])
    let slate = try SlateReranker(rules).arrange(list("AAA"))
    #expect(slate.placements.map(\.rankBefore) == [0, 2])
    #expect(slate.concessions == [.unpinned(item: "A1", position: 0)])
  }
}

@Suite struct RuleConfigurationTests {
  @Test func rulesOutOfRangeAreNamed() {
    func field(_ rules: SlateRules) -> String? {
      do {
        try rules.validate()
        return nil
      } catch {
        if case .configuration(let field, _, _) = error { return field }
        return "\(error)"
      }
    }
    #expect(field(SlateRules()) == nil)
    #expect(field(SlateRules(caps: [CategoryCap(most: 0)])) == "caps: most")
    #expect(field(SlateRules(caps: [CategoryCap(most: 2, window: 2)])) == "caps: window")
    #expect(
      field(SlateRules(caps: [CategoryCap(relax: [.cap, .cap])])) == "caps: relax")
    #expect(
      field(SlateRules(nearDuplicates: NearDuplicates(cosine: 1.5))) == "near_duplicates: cosine")
    #expect(
      field(SlateRules(nearDuplicates: NearDuplicates(hashDistance: 64)))
        == "near_duplicates: hash_distance")
    #expect(field(SlateRules(pins: [.init(item: "a", position: -1)])) == "pins: position")
    #expect(
      field(SlateRules(pins: [.init(item: "a", position: 0), .init(item: "b", position: 0)]))
        == "pins")
    #expect(
      field(SlateRules(eligibility: Eligibility(frequency: [.init(feature: "f", most: 0)])))
        == "eligibility: frequency: most")
  }

  @Test func rulesSurviveJSON() throws {
    let rules = SlateRules(
      eligibility: Eligibility(blocked: ["a"], require: ["x": ["y"]], excludeHistory: true),
      nearDuplicates: NearDuplicates(cosine: nil, product: "p"),
      caps: [CategoryCap(window: nil, relax: [.cap])], pins: [.init(item: "a", position: 3)],
      pinFeature: "pin")
    let decoded = try JSONDecoder().decode(
      SlateRules.self, from: JSONEncoder().encode(rules))
    #expect(decoded == rules)
    #expect(try JSONDecoder().decode(SlateRules.self, from: Data("{}".utf8)).isEmpty)
  }
}
