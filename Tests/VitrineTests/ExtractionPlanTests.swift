import FileSupport
import Foundation
import Testing
import Vitrine

/// What a user is told before and after an extraction.
@Suite struct ExtractionPlanTests {
  private let folder: TemporaryFolder
  private let photos =
    (SmallShop.catalogue as NSString).deletingLastPathComponent + "/photos"

  init() throws {
    folder = try TemporaryFolder()
    _ = try EncoderImport.run(
      architecture: .resnet18, attention: .none, categories: nil, source: .random(seed: 5),
      preprocessing: Preprocessing(resize: 40, crop: 32), output: folder("encoder"))
  }

  private func manifest(_ range: ClosedRange<Int>) throws {
    let rows = range.map { "\($0),\(photos)/hat-00\($0).jpg" }
    try folder.write((["id,path"] + rows + ["none,"]).joined(separator: "\n"), to: "in.csv")
  }

  private func extraction(
    _ storage: FeatureExtraction.Storage = .float16
  ) throws -> FeatureExtraction {
    try FeatureExtraction(
      input: folder("in.csv"), encoder: folder("encoder"), cache: folder("cache"), workers: 2,
      storage: storage)
  }

  @Test func aPlanCountsWhatIsLeft() throws {
    try manifest(1...3)
    let summary = try extraction().run()
    #expect(summary.computed == 3 && summary.withoutImage == 1)
    #expect(Set(summary.stages.keys) == ["read", "decode", "resize", "infer", "store"])
    #expect(summary.stages.values.allSatisfy { $0 > 0 }, "\(summary.stages)")

    try manifest(2...9)
    let plan = try extraction().plan()
    #expect(plan.images == 8 && plan.withoutImage == 1 && plan.known == 2)
    #expect(plan.vectorBytes == 6 * 512 * 2 && plan.workers == 2)
    #expect(plan.precision == summary.precision)
    let sizes = try (2...9).map {
      try Data(contentsOf: URL(fileURLWithPath: "\(photos)/hat-00\($0).jpg")).count
    }
    #expect(plan.imageBytes == sizes.reduce(0, +))
    #expect(try #require(plan.expectedSeconds) > 0 && plan.freeBytes ?? 1 > 0)
    #expect(try extraction(.float32).plan().vectorBytes == 6 * 512 * 4)
    #expect(try FeatureStore.info(folder("cache")).items == 3, "a plan writes nothing")
  }
}
