import FeatureCache
import FileSupport
import Foundation
import Images
import Synchronization
import Tensors
import Testing
import VisualEncoder

@Suite struct ExtractionTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static func configuration(_ attention: Attention) -> EncoderConfiguration {
    EncoderConfiguration(
      architecture: .resnet18, attention: attention,
      categories: attention == .category ? ["dress", "hat"] : [],
      preprocessing: Preprocessing(resize: 40, crop: 32))
  }

  private static let plain = Result { try ReferenceWeights.bundle(configuration(.none)) }
  private static let byCategory = Result { try ReferenceWeights.bundle(configuration(.category)) }

  /// The project's own photos.
  static let photos: [String] = {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../assets/clothing/photos").standardized.path
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".jpg") }.sorted().prefix(14).map { "\(folder)/\($0)" }
  }()

  private func items(_ count: Int = photos.count, category: String? = nil) -> [ExtractionItem] {
    Self.photos.prefix(count).enumerated().map {
      ExtractionItem(id: "item\($0)", path: $1, category: category)
    }
  }

  private func vectors(_ cache: FeatureCache, _ items: [ExtractionItem]) throws -> [[Float]?] {
    try items.map { try cache.vector(forItem: $0.id) }
  }

  @Test func featuresDoNotDependOnWorkersOrInterruptions() throws {
    let items = items()
    #expect(items.count == 14)
    var results: [[[Float]?]] = []
    for workers in 1...3 {
      var pipeline = ExtractionPipeline(try Self.plain.get(), workers: workers)
      pipeline.commitRows = 3
      let cache = try pipeline.openCache(at: folder("cache\(workers)"), elementType: .float32)
      let report = try pipeline.run(items, into: cache)
      #expect(report.computed == 14 && report.extracted == 14 && report.failures.isEmpty)
      #expect(!report.wasCancelled)
      results.append(try vectors(cache, items))
    }
    #expect(results[0].allSatisfy { $0 != nil })
    #expect(results.allSatisfy { $0 == results[0] })

    let pipeline = ExtractionPipeline(try Self.plain.get(), workers: 2)
    let cache = try pipeline.openCache(at: folder("resumed"), elementType: .float32)
    let asked = Mutex(0)
    let first = try pipeline.run(
      items, into: cache,
      isCancelled: {
        asked.withLock { asked in
          asked += 1
          return asked > 7
        }
      })
    #expect(first.wasCancelled)
    #expect(first.computed > 0 && first.computed < 14)
    let second = try pipeline.run(items, into: cache)
    #expect(second.unchanged == first.extracted)
    #expect(second.computed == 14 - first.computed)
    #expect(try vectors(cache, items) == results[0])
    let third = try pipeline.run(items, into: cache)
    #expect(third.unchanged == 14 && third.computed == 0)
  }

  @Test func equalImagesAreComputedOnceForEachCategory() throws {
    let photo = Self.photos[0]
    let items = [
      ExtractionItem(id: "a", path: photo, category: "dress"),
      ExtractionItem(id: "b", path: photo, category: "dress"),
      ExtractionItem(id: "c", path: photo, category: "hat"),
      ExtractionItem(id: "d", path: photo, category: "unheard of"),
      ExtractionItem(id: "e", path: photo),
    ]
    let pipeline = ExtractionPipeline(try Self.byCategory.get(), workers: 2)
    let cache = try pipeline.openCache(at: folder("by category"))
    let report = try pipeline.run(items, into: cache)
    #expect(report.computed == 3)
    #expect(report.done == 5)
    #expect(report.unknownCategories == 1)
    let found = try vectors(cache, items)
    #expect(found[0] == found[1] && found[3] == found[4])
    #expect(found[0] != found[2] && found[0] != found[3])

    let plain = ExtractionPipeline(try Self.plain.get(), workers: 2)
    let shared = try plain.openCache(at: folder("plain"))
    #expect(try plain.run(items, into: shared).computed == 1)
    // Another encoder has a generation of its own in the same folder.
    let next = try plain.openCache(at: folder("by category"))
    #expect(next.path.hasSuffix("generation-000002"))
    #expect(try plain.run(items, into: next).computed == 1)
    #expect(try vectors(cache, items) == found)
  }

  @Test func badImagesCostOnlyThemselves() throws {
    let good = try FileReading.bytes(of: Self.photos[0])
    try folder.write(good, to: "in/good.jpg")
    try folder.write(Array(good[..<(good.count / 2)]), to: "in/cut.jpg")
    try folder.write([], to: "in/empty.png")
    try folder.write("not an image", to: "in/text.jpg")
    try folder.write("not an image", to: "in/text again.jpg")
    try folder.write(good, to: "in/.hidden.jpg")
    try folder.write("ignored", to: "in/notes.txt")
    let items =
      try ImageList.read(folder("in")) + [
        ExtractionItem(id: "gone", path: folder("in/gone.jpg")),
        ExtractionItem(id: "imageless", path: nil),
        ExtractionItem(id: "two\nlines", path: folder("in/good.jpg")),
      ]
    let pipeline = ExtractionPipeline(try Self.plain.get(), workers: 2)
    let cache = try pipeline.openCache(at: folder("cache"))
    for _ in 0..<2 {
      let report = try pipeline.run(items, into: cache)
      #expect(report.done == 1 && report.withoutImage == 1 && report.total == 8)
      #expect(
        report.failuresByReason == [
          "truncated": 1, "empty": 1, "unsupported-format": 2, "unreadable": 1, "invalid-item": 1,
        ])
      let ledger = try String(
        decoding: FileReading.bytes(of: folder("cache/ledger.jsonl")), as: UTF8.self)
      let lines = ledger.split(separator: "\n")
      #expect(lines.count == 6)
      #expect(lines.first?.contains("\"id\":\"cut\"") == true)
    }
    #expect(try cache.vector(forItem: "good") != nil)
  }

  @Test func aBrokenCacheEndsTheRun() throws {
    let pipeline = ExtractionPipeline(try Self.plain.get(), workers: 2)
    _ = try pipeline.openCache(at: folder("cache"))
    let reader = try FeatureCache.open(at: folder("cache"))
    let error = #expect(throws: VisualEncoderError.self) {
      try pipeline.run(items(), into: reader)
    }
    #expect(error?.code == .cache)
  }
}
