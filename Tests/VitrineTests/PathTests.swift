import FileSupport
import Foundation
import Testing
import Vitrine

/// From photos to slates in one process.
@Suite struct PathTests {
  private let shop: SmallShop

  init() throws { shop = try SmallShop.shared.get() }

  @Test func everyRequestIsAnsweredWithItsOwnItems() throws {
    let requests = try shop.read(RankingRequest.self, shop.requests)
    let ranked = try shop.read(RankedList.self, shop.ranked)
    #expect(requests.count > 50)
    #expect(ranked.map(\.id) == requests.map(\.id))
    for (request, list) in zip(requests, ranked) {
      #expect(list.items.map(\.index).sorted() == Array(request.items.indices))
      #expect(list.items.allSatisfy { request.items[$0.index].id == $0.id })
      #expect(zip(list.items, list.items.dropFirst()).allSatisfy { $0.score >= $1.score })
    }
  }

  @Test(arguments: [false, true])
  func slatesAreMadeOfWhatWasRanked(diversified: Bool) throws {
    let output = shop.folder("slates-\(diversified).jsonl")
    let reranker = try SlateArranger.load(
      .init(
        model: shop.slate, cache: shop.cache, diversity: diversified ? .mmr(.standard) : .none,
        options: .init(top: 6, explains: true)))
    let count = try RequestStream.rerank(shop.ranked, with: reranker, output: output)
    let ranked = try shop.read(RankedList.self, shop.ranked)
    let slates = try shop.read(RankedList.self, output)
    #expect(count == ranked.count && slates.map(\.id) == ranked.map(\.id))
    var moved = 0
    for (list, slate) in zip(ranked, slates) {
      #expect(slate.items.count == 6)
      #expect(Set(slate.items.map(\.id)).count == 6)
      for item in slate.items {
        let before = try #require(item.rankBefore)
        #expect(list.items[before].id == item.id && list.items[before].index == item.index)
        #expect(list.items[before].score == item.score)
        #expect(item.reason?.isEmpty == false)
      }
      if slate.items.map(\.rankBefore) != Array(0..<6) { moved += 1 }
    }
    #expect(moved > 0)
  }

  @Test func theSameSeedGivesTheSameFiles() throws {
    let again = try TemporaryFolder()
    var simulation = SimulationConfiguration()
    (simulation.users, simulation.sessions) = (60, 600)
    try ShopSimulation.run(
      catalogue: SmallShop.catalogue, configuration: simulation, seed: 3, output: again("data"))
    for name in ["impressions.csv", "truth.json"] {
      #expect(try text(of: again("data/\(name)")) == text(of: "\(shop.data)/\(name)"))
    }
    _ = try shop.train(shop.configuration(visual: true), output: again("visual"))
    for name in try names(in: shop.visual) {
      #expect(
        FileManager.default.contentsEqual(
          atPath: again("visual/\(name)"), andPath: "\(shop.visual)/\(name)"), "\(name)")
    }
  }
}
