import RankingData
import Slates
import Tensors
import Testing

/// Thousands of catalogues and rules drawn at random: whatever a shop asks for, the slate keeps to it
/// or says where it could not.
@Suite struct RandomRulesTests {
  @Test(arguments: 0..<10) func rulesHoldOrSayWhereTheyGaveWay(_ part: Int) throws {
    for seed in 0..<1000 {
      var world = RandomShop(seed: UInt64(part * 1000 + seed))
      let (list, rules, history) = world.draw()
      let top = world.random.next(below: 14) + 1
      let diversity = world.diversifier()
      let reranker = try SlateReranker(
        diversity: diversity, rules: rules, visuals: list.visuals,
        options: .init(top: top, candidates: 12, explains: true))
      let slate = try reranker.arrange(list, history: history)
      let witness = RuleWitness(list: list, rules: rules, history: history, slate: slate, top: top)
      #expect(witness.complaints == [], "seed \(part * 1000 + seed): \(rules)")

      // Deterministic.
      #expect(try reranker.arrange(list, history: history) == slate)
      // Idempotent: what the rules made needs nothing more from them. But diversifiers measure
      // relevance within a list, and so see another list; where strict caps end a slate before a
      // pinned position, the pin, which held its neighbourhood free, is gone the second time.
      guard diversity == .none, !slate.endsBeforeAPin else { continue }
      let again = try reranker.arrange(
        list.selecting(slate.placements.map(\.rankBefore)), history: history)
      #expect(
        again.placements.map(\.position) == slate.placements.map(\.position),
        "seed \(part * 1000 + seed): \(rules)")
      #expect(again.removals.isEmpty)
    }
  }

  @Test func noRulesChangeNothing() throws {
    for seed in 0..<200 {
      var world = RandomShop(seed: UInt64(seed))
      let (list, _, _) = world.draw()
      let slate = try SlateReranker(options: .init(top: nil)).arrange(list)
      #expect(slate.placements.map(\.rankBefore) == Array(0..<list.count))
      #expect(slate.removals.isEmpty && slate.concessions.isEmpty)
    }
  }
}

extension Slate {
  fileprivate var endsBeforeAPin: Bool {
    var (isShort, isUnpinned) = (false, false)
    for concession in concessions {
      if case .short = concession { isShort = true }
      if case .unpinned = concession { isUnpinned = true }
    }
    return isShort && isUnpinned
  }
}

/// A list, a shop's rules and a user, drawn at random: small enough for rules to collide often.
struct RandomShop {
  var random: RandomStream

  init(seed: UInt64) { random = RandomStream(seed: seed) }

  private mutating func chance(_ probability: Double) -> Bool {
    Double(random.nextUniform()) < probability
  }

  mutating func draw() -> (SlateList, SlateRules, [HistoryEntry]) {
    let count = random.next(below: 30)
    let kinds = random.next(below: 5) + 1
    let width = 4
    var vectors: [Float] = []
    for row in 0..<count {
      // Some images are shown again, nearly or exactly.
      if row > 0, chance(0.3) {
        let original = random.next(below: row)
        let noise = Float(chance(0.5) ? 0 : 0.05)
        for k in 0..<width {
          vectors.append(vectors[original * width + k] + noise * Float(random.nextNormal()))
        }
      } else {
        for _ in 0..<width { vectors.append(Float(random.nextNormal())) }
      }
    }
    let ids = (0..<count).map { "i\($0)" }
    let table =
      count == 0 ? .empty : VisualTable(ids: ids, width: width, vectors: vectors)
    var items: [Candidate] = []
    for id in ids {
      var features: [String: FeatureValue] = [:]
      if chance(0.9) { features["stock"] = chance(0.8) ? "yes" : "no" }
      if chance(0.5) { features["brand"] = .text("b\(random.next(below: 3))") }
      if chance(0.3) { features["product"] = .text("p\(random.next(below: 8))") }
      if chance(0.3) { features["shown"] = .number(Double(random.next(below: 5))) }
      if chance(0.05) { features["pin"] = .number(Double(random.next(below: 12))) }
      items.append(
        Candidate(
          id: id, category: chance(0.9) ? "c\(random.next(below: kinds))" : nil,
          // Whole numbers, so that many scores are equal.
          score: Double(random.next(below: 6)), features: features))
    }
    let list = made {
      try SlateList(
        RankingRequest(id: "r", items: items), visuals: table, attributes: true)
    }
    let history = (0..<random.next(below: 4)).map { _ in
      HistoryEntry(id: "i\(random.next(below: max(count, 1)))", category: "c0")
    }
    return (list, rules(count), history)
  }

  private mutating func rules(_ count: Int) -> SlateRules {
    var rules = SlateRules()
    if chance(0.3) { rules.eligibility.blocked = ["i\(random.next(below: max(count, 1)))"] }
    if chance(0.1) { rules.eligibility.blockedCategories = ["c1"] }
    if chance(0.3) { rules.eligibility.require = ["stock": ["yes"]] }
    if chance(0.1) { rules.eligibility.forbid = ["brand": ["b2"]] }
    if chance(0.2) { rules.eligibility.frequency = [.init(feature: "shown", most: 3)] }
    rules.eligibility.excludeHistory = chance(0.3)
    if chance(0.4) { rules.nearDuplicates = NearDuplicates(product: chance(0.5) ? "product" : nil) }
    for _ in 0..<random.next(below: 3) {
      let most = random.next(below: 3) + 1
      let ways: [[CategoryCap.Relaxation]] = [
        [.window, .cap], [.cap], [.cap, .window], [.window], [],
      ]
      rules.caps.append(
        CategoryCap(
          by: chance(0.7) ? CategoryCap.category : "brand", most: most,
          window: chance(0.3) ? nil : most + 1 + random.next(below: 4),
          relax: chance(0.7) ? ways[0] : ways[random.next(below: ways.count)]))
    }
    var positions = Array(0..<12).shuffled(using: &random)
    var ids = Array(0..<max(count, 3)).shuffled(using: &random)
    for _ in 0..<random.next(below: 3) {
      rules.pins.append(.init(item: "i\(ids.removeLast())", position: positions.removeLast()))
    }
    if chance(0.2) { rules.pinFeature = "pin" }
    return rules
  }

  mutating func diversifier() -> Diversifier {
    switch random.next(below: 6) {
    case 0: .mmr(made { try MMR(tradeOff: Double(random.nextUniform())) })
    case 1: .dpp(made { try DPP(tradeOff: Double(random.nextUniform())) })
    case 2: .calibrated(made { try CalibratedSlate(tradeOff: Double(random.nextUniform())) })
    default: .none
    }
  }
}
