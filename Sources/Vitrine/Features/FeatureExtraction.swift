import FeatureCache
import Foundation
public import VisualEncoder

/// Fills a feature cache from image files: `vitrine extract`.
public struct FeatureExtraction: Sendable {
  /// How a number is stored.
  public enum Storage: String, Sendable, CaseIterable {
    /// Two bytes; relative error 5e-4.
    case float16
    /// Four bytes.
    case float32
  }

  /// What an extraction is going to do.
  public struct Plan: Sendable, Codable {
    /// Items with an image file.
    public var images: Int
    /// Size of those files; what the cache holds already is found out on the way.
    public var imageBytes: Int
    /// Room that the vectors take at most.
    public var vectorBytes: Int
    /// Items without an image file.
    public var withoutImage: Int
    /// Items that have a vector from an earlier run; whether their image changed since is found out
    /// on the way.
    public var known: Int
    /// Seconds that computing the others will take, tried with a few; nil where none can be read.
    public var expectedSeconds: Double?
    /// Threads.
    public var workers: Int
    /// What the numbers are computed with.
    public var precision: String
    /// Free room where the cache is, or will be; nil where that is unknown.
    public var freeBytes: Int?
  }

  /// How far it is.
  public struct Progress: Sendable {
    /// Items in all.
    public var total: Int
    /// Items with a vector.
    public var done: Int
    /// Of those, the ones that needed no computation.
    public var reused: Int
    /// Items that failed, by reason.
    public var failures: [String: Int]
    /// Since the start.
    public var seconds: Double

    /// Items that failed.
    public var failed: Int { failures.values.reduce(0, +) }
    /// Items a second.
    public var rate: Double { seconds > 0 ? Double(done + failed) / seconds : 0 }
    /// Seconds to go, at the pace so far; nil at the start.
    public var remaining: Double? {
      done + failed > 0 ? Double(total - done - failed) / max(rate, 1e-9) : nil
    }
  }

  /// How it ended.
  public struct Summary: Sendable, Codable {
    /// Items in all.
    public var items: Int
    /// Images that went through the network.
    public var computed: Int
    /// Items that share a vector with another, or had theirs already.
    public var reused: Int
    /// Items without an image file.
    public var withoutImage: Int
    /// Items of categories that the encoder does not know, where it looks at them.
    public var unknownCategories: Int
    /// Failed items, by reason; `ledger.jsonl` in the cache lists each.
    public var failures: [String: Int]
    /// Images of which something was bent, by what: `profile-ignored`, `alpha-dropped`,
    /// `orientation-ignored`, `sixteen-bit-grey-reduced`, `damage-accepted`.
    public var notes: [String: Int]
    /// Whether it was stopped; running it again goes on.
    public var wasCancelled: Bool
    /// Wall time.
    public var seconds: Double
    /// Seconds of each stage, summed over threads: `read` (and hash, and look up), `decode`,
    /// `resize`, `infer`, `store`.
    public var stages: [String: Double]
    /// What the numbers were computed with.
    public var precision: String
    /// The file that lists failed items and accepted damage, one JSON object a line.
    public var ledger: String
  }

  private var pipeline: ExtractionPipeline
  private let items: [ExtractionItem]
  private let cache: String
  private let storage: Storage

  /// Loads the encoder and lists the images.
  ///
  /// - Parameters:
  ///   - input: a folder of images, or a CSV or JSON Lines manifest `id,path,category`.
  ///   - precision: the arithmetic; nil for the encoder's own.
  ///   - workers: threads; nil for one a core.
  /// - Throws: `VisualEncoderError` naming file and line; also for `int8` without a calibration.
  public init(
    input: String, encoder: String, cache: String,
    precision: EncoderConfiguration.Precision? = nil, workers: Int? = nil,
    storage: Storage = .float16
  ) throws {
    let bundle = try EncoderBundle.load(encoder)
    try bundle.check(precision ?? bundle.configuration.precision, path: encoder)
    pipeline = ExtractionPipeline(
      bundle, precision: precision,
      workers: workers ?? ProcessInfo.processInfo.activeProcessorCount)
    items = try ImageList.read(input)
    self.cache = cache
    self.storage = storage
  }

  /// Whether what can be decoded of a damaged image is taken; the ledger says of which.
  public var acceptsDamage: Bool {
    get { pipeline.acceptsDamage }
    set { pipeline.acceptsDamage = newValue }
  }

  /// What the processor cannot do as asked; nil where all is well.
  public var notice: String? { Arithmetic.notice(pipeline.precision) }

  /// Looks ahead without writing anything; tries a few images for the time.
  ///
  /// - Throws: `VisualEncoderError` where the cache cannot be read.
  public func plan() throws -> Plan {
    let paths = items.compactMap(\.path)
    let bytes = paths.reduce(0) { sum, path in
      let size = (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int
      return sum + (size ?? 0)
    }
    let estimate = try pipeline.estimate(items, cacheAt: cache)
    let rest = paths.count - estimate.known
    let width = pipeline.bundle.configuration.featureWidth
    return Plan(
      images: paths.count, imageBytes: bytes,
      vectorBytes: rest * width * (storage == .float16 ? 2 : 4),
      withoutImage: items.count - paths.count, known: estimate.known,
      expectedSeconds: estimate.secondsPerImage.map {
        $0 * Double(rest) / Double(pipeline.workers)
      },
      workers: pipeline.workers, precision: pipeline.arithmetic.name, freeBytes: freeBytes)
  }

  private var freeBytes: Int? {
    var folder = URL(fileURLWithPath: cache)
    while folder.path != "/", !FileManager.default.fileExists(atPath: folder.path) {
      folder.deleteLastPathComponent()
    }
    let attributes = try? FileManager.default.attributesOfFileSystem(forPath: folder.path)
    return attributes?[.systemFreeSize] as? Int
  }

  /// Extracts what the cache does not hold yet.
  ///
  /// - Parameters:
  ///   - isCancelled: asked before each image; what was computed until then is committed.
  ///   - progress: called a few times a second.
  /// - Throws: an error that names the cache's file at fault; what was committed stays.
  public func run(
    isCancelled: @escaping @Sendable () -> Bool = { false }, progress: (Progress) -> Void = { _ in }
  ) throws -> Summary {
    let cache = try pipeline.openCache(
      at: cache, elementType: storage == .float16 ? .float16 : .float32)
    let report = try pipeline.run(
      items, into: cache,
      progress: {
        progress(
          Progress(
            total: $0.total, done: $0.done, reused: $0.skipped, failures: $0.failures,
            seconds: $0.seconds))
      }, isCancelled: isCancelled)
    return Summary(
      items: report.total, computed: report.computed, reused: report.done - report.computed,
      withoutImage: report.withoutImage, unknownCategories: report.unknownCategories,
      failures: report.failuresByReason, notes: report.notes, wasCancelled: report.wasCancelled,
      seconds: report.seconds,
      stages: [
        "read": report.stages.read, "decode": report.stages.decode,
        "resize": report.stages.resize, "infer": report.stages.infer,
        "store": report.stages.store,
      ], precision: pipeline.arithmetic.name, ledger: report.ledger)
  }
}
