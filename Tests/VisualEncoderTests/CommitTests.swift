import FeatureCache
import FileSupport
import Foundation
import Images
import Synchronization
import Testing
import VisualEncoder

/// A number that two threads look at.
private final class Counter: Sendable {
  private let number = Mutex(0)
  var value: Int {
    get { number.withLock { $0 } }
    set { number.withLock { $0 = newValue } }
  }
}

/// When vectors reach the disk, and where the time goes.
@Suite struct CommitTests {
  private let folder: TemporaryFolder
  private let bundle: EncoderBundle
  /// Two batches and a half.
  private let items: [ExtractionItem]

  init() throws {
    folder = try TemporaryFolder()
    let photos = (try #require(ExtractionTests.photos.first) as NSString).deletingLastPathComponent
    items = try names(in: photos).prefix(ExtractionPipeline.batch * 5 / 2).map {
      ExtractionItem(id: $0, path: "\(photos)/\($0)")
    }
    let configuration = EncoderConfiguration(
      architecture: .resnet18, preprocessing: Preprocessing(resize: 40, crop: 32))
    bundle = EncoderBundle(
      configuration: configuration, weights: try EncoderWeights(random: 2, for: configuration))
  }

  private func shards(_ cache: String) -> Int {
    let names = (try? names(in: folder(cache))) ?? []
    return names.count { $0.hasSuffix(".npy") }
  }

  private func pipeline(commitSeconds: Double) -> ExtractionPipeline {
    var pipeline = ExtractionPipeline(bundle, workers: 1)
    (pipeline.commitRows, pipeline.commitSeconds) = (1000, commitSeconds)
    return pipeline
  }

  /// The worker goes on only when its last batch is on the disk, and is stopped after two.
  @Test func withoutPatienceEachBatchIsCommittedAndStays() throws {
    let pipeline = pipeline(commitSeconds: 0)
    let cache = try pipeline.openCache(at: folder("cache"))
    let batch = ExtractionPipeline.batch
    let (asked, committed) = (Counter(), Counter())
    let report = try pipeline.run(
      items, into: cache, progress: { committed.value = $0.done },
      isCancelled: {
        let taken = asked.value
        asked.value += 1
        for _ in 0..<2000 where taken.isMultiple(of: batch) && committed.value < taken {
          Thread.sleep(forTimeInterval: 0.005)
        }
        return taken == 2 * batch
      })
    #expect(report.wasCancelled && report.computed == 2 * batch)
    #expect(shards("cache") >= 2, "a shard a batch at least")
    let reader = try FeatureCache.open(at: folder("cache"))
    for item in items.prefix(2 * batch) { #expect(try reader.vector(forItem: item.id) != nil) }

    let rest = try pipeline.run(items, into: cache)
    #expect(rest.unchanged == 2 * batch && rest.computed == items.count - 2 * batch)
  }

  @Test func withPatienceThereIsOneCommit() throws {
    let pipeline = pipeline(commitSeconds: 1e9)
    let cache = try pipeline.openCache(at: folder("cache"))
    #expect(try pipeline.run(items, into: cache).computed == items.count)
    #expect(shards("cache") == 1)
  }

  /// The stages of a thread do not overlap, so they cannot take longer than all threads together.
  @Test func everyStageTakesTime() throws {
    let pipeline = ExtractionPipeline(bundle, workers: 2)
    let cache = try pipeline.openCache(at: folder("cache"))
    let report = try pipeline.run(items, into: cache)
    let stages = report.stages
    let all = [stages.read, stages.decode, stages.resize, stages.infer, stages.store]
    #expect(all.allSatisfy { $0 > 0 }, "\(stages)")
    #expect(all.reduce(0, +) <= 3 * report.seconds, "\(stages) in \(report.seconds)")
    let again = try pipeline.run(items, into: cache)
    #expect(again.stages.read > 0)
    #expect(again.stages.decode == 0 && again.stages.resize == 0 && again.stages.infer == 0)
  }
}
