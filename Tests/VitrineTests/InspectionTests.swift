import FileSupport
import Foundation
import Testing
import Vitrine

@Suite struct InspectionTests {
  private let shop: SmallShop
  private let folder: TemporaryFolder

  init() throws {
    shop = try SmallShop.shared.get()
    folder = try TemporaryFolder()
  }

  private func inspection(of model: String) throws -> ModelInspection {
    _ = try shop.train(
      shop.configuration(visual: false, model: model, training: "{epochs: 2, seed: 2}"),
      output: folder("model"))
    return try ModelInspection(path: folder("model"))
  }

  @Test func aNetworkSaysWhatItReads() throws {
    let inspection = try ModelInspection(path: shop.visual)
    #expect(inspection.kind == "deepfm" && inspection.output == .logit)
    #expect(
      inspection.features.map(\.name) == [
        "user", "item", "category", "device", "history", "price", "image",
      ])
    #expect(inspection.weights.isEmpty && inspection.importance.isEmpty)
    #expect(inspection.visualVersion != nil)
  }

  /// The page says what was said, and escapes what came from data.
  @Test func linearModelsShowTheirWeights() throws {
    let inspection = try inspection(of: "{kind: logistic}")
    let sizes = inspection.weights.map { abs($0.weight) }
    #expect(sizes == sizes.sorted(by: >) && !sizes.isEmpty)
    #expect(inspection.weights.contains { $0.feature == "category" && $0.value != nil })
    #expect(inspection.weights.contains { $0.feature == "price" && $0.value == nil })
    let page = inspection.html(title: "a <b>")
    #expect(page.contains("a &lt;b&gt;") && page.contains("Largest weights"))
  }

  @Test func treesShowTheirGains() throws {
    let inspection = try inspection(of: "{kind: xgboost, rounds: 5, max_depth: 3}")
    let gains = inspection.importance.map(\.gain)
    #expect(gains == gains.sorted(by: >) && !gains.isEmpty)
    #expect(inspection.html(title: "trees").contains("Features by gain"))
  }
}
