import FileSupport
import Foundation
import Testing
import Vitrine

@Suite struct WarmStartTests {
  private let shop: SmallShop
  private let folder: TemporaryFolder

  init() throws {
    shop = try SmallShop.shared.get()
    folder = try TemporaryFolder()
  }

  private func start(
    _ configuration: String, from bundle: String, freeze: Int = 1, say: (String) -> Void = { _ in }
  ) throws -> WarmStartReport {
    let output = folder("model")
    let summary = try ModelTraining(
      shop.file(configuration), warmStart: WarmStart(path: bundle, freezeEpochs: freeze)
    ).run(output: output, checkpoint: output + ".checkpoint", resume: false, say: say)
    return try #require(summary.warmStart)
  }

  /// The same log, so that every id is known.
  @Test func theSameShopGoesOnWhereItWas() throws {
    var lines: [String] = []
    let report = try start(shop.configuration(visual: false), from: shop.plain) { lines.append($0) }
    #expect(!report.tablesOnly && report.warnings.isEmpty, "\(report.warnings)")
    #expect(report.fresh.isEmpty)
    #expect(report.sections.allSatisfy { $0.coverage ?? 1 == 1 && $0.mapped == $0.rows })
    let before = try RankerBundle(path: shop.plain).training
    #expect(abs(report.startAUC - (before.metrics["validation_auc"] ?? 0)) < 1e-9)
    #expect(lines.contains { $0.hasPrefix("warm start from") })
    #expect(try RankerBundle(path: folder("model")).training.warmStart == report)
    let written = try String(contentsOfFile: folder("model.report.json"), encoding: .utf8)
    #expect(written.contains("\"warm_start\"") && written.contains("\"start_auc\""))
    #expect(FileManager.default.fileExists(atPath: folder("model.curves.svg")))
  }

  @Test func otherFeaturesTakeTheTablesAlone() throws {
    let report = try start(
      shop.configuration(visual: false)
        .replacingOccurrences(of: "category, device]", with: "device]"), from: shop.plain)
    #expect(report.tablesOnly && report.removedFeatures == ["category"])
    #expect(report.fresh.keys.contains { $0.hasPrefix("network") })
    #expect(report.sections.contains { $0.field == "item" && $0.mapped == $0.rows })
  }

  @Test func rareIdsAreReported() throws {
    let report = try start(
      shop.configuration(visual: false)
        .replacingOccurrences(of: "minimum_count: 5", with: "minimum_count: 1"), from: shop.plain)
    let items = try #require(report.sections.first { $0.field == "item" })
    #expect(items.mapped <= items.rows && items.coverage ?? 0 > 0.5)
  }

  @Test func onlyNetworksStartFromNetworks() throws {
    let trees = shop.configuration(
      visual: false, model: "{kind: xgboost, rounds: 5}", training: "{seed: 2}")
    var error = #expect(throws: VitrineError.self) { _ = try start(trees, from: shop.plain) }
    #expect(error?.description.contains("not trained by steps") == true)
    _ = try shop.train(trees, output: folder("trees"))
    error = #expect(throws: VitrineError.self) {
      _ = try start(shop.configuration(visual: false), from: folder("trees"))
    }
    #expect(error?.description.contains("xgboost") == true)
    error = #expect(throws: VitrineError.self) {
      _ = try start(shop.slateConfiguration(base: shop.visual), from: shop.plain)
    }
    #expect(error?.description.contains("slate model") == true)
  }

  @Test func scenesAreWeighedAndTold() throws {
    var lines: [String] = []
    let configuration = shop.configuration(
      visual: false, training: "{epochs: 1, scene: device, scene_weights: equal, seed: 2}")
    _ = try shop.train(configuration, output: folder("scenes")) { lines.append($0) }
    #expect(lines.contains { $0.hasPrefix("scenes by device:") && $0.contains("%") }, "\(lines)")
    #expect(throws: (any Error).self) {
      try shop.train(
        configuration.replacingOccurrences(of: "scene: device", with: "scene: devise"),
        output: folder("none"))
    }
  }
}
