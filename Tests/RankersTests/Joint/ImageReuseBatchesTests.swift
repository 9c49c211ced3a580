import Rankers
import Tensors
import Testing

@Suite struct ImageReuseBatchesTests {
  /// Popular and rare images, and rows without one.
  private let visualRows: [Int32] =
    [Int32](repeating: 3, count: 70) + [Int32](repeating: 8, count: 11)
    + (0..<140).map { Int32($0 % 40) + 10 } + [Int32](repeating: -1, count: 25)

  @Test(arguments: [(images: 16, samples: 8), (64, 64), (1, 1), (7, 3)])
  func everyRowComesOnceAnEpochAndTheCapHolds(_ size: (images: Int, samples: Int)) {
    let plan = ImageReuseBatches(
      visualRows: visualRows, imagesPerBatch: size.images, samplesPerImage: size.samples, seed: 4)
    let batches = plan.batches(epoch: 1)
    #expect(batches.count == plan.count)
    #expect(
      batches.flatMap { $0.shards.flatMap(\.rows) }.sorted() == Array(0..<Int32(visualRows.count)))
    for batch in batches {
      let images = batch.shards.flatMap(\.images)
      #expect(images.count <= size.images && Set(images).count == images.count)
      #expect(batch.imageCount == images.count && batch.count > 0)
      for shard in batch.shards {
        #expect(shard.images.count <= ImageReuseBatch.imagesPerShard)
        let shown = shard.rows.map { visualRows[Int($0)] }
        #expect(Set(shown.filter { $0 >= 0 }) == Set(shard.images), "a shard has its images")
        for image in shard.images { #expect(shown.count { $0 == image } <= size.samples) }
      }
    }
    let sizes = batches.map(\.imageCount)
    #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
  }

  @Test func rowsWithoutAnImageAreSpread() {
    let batches = ImageReuseBatches(
      visualRows: visualRows, imagesPerBatch: 8, samplesPerImage: 16, seed: 4
    ).batches(epoch: 2)
    let missing = batches.map { batch in
      batch.shards.flatMap(\.rows).count { visualRows[Int($0)] < 0 }
    }
    #expect((missing.max() ?? 0) - (missing.min() ?? 0) <= 1, "\(missing)")
  }

  @Test func seedAndEpochDecideTheOrder() {
    func batches(_ seed: UInt64, _ epoch: Int) -> [ImageReuseBatch] {
      ImageReuseBatches(visualRows: visualRows, imagesPerBatch: 8, seed: seed)
        .batches(epoch: epoch)
    }
    #expect(batches(1, 1) == batches(1, 1))
    #expect(batches(1, 1) != batches(1, 2))
    #expect(batches(1, 1) != batches(2, 1))
  }

  @Test func logsOfOneKindMakeBatchesToo() {
    let bare = ImageReuseBatches(
      visualRows: [-1, -1, -1], imagesPerBatch: 2, samplesPerImage: 1, seed: 1)
    #expect(bare.batches(epoch: 1).map(\.count) == [1, 2])
    #expect(ImageReuseBatches(visualRows: [], seed: 1).batches(epoch: 1).isEmpty)
  }

  @Test func shardsAreEven() {
    let rows = (0..<70).map { Int32($0) }
    let batch = ImageReuseBatches(visualRows: rows, imagesPerBatch: 70, seed: 1).batches(epoch: 1)
    #expect(batch.map { $0.shards.map(\.images.count) } == [[23, 23, 24]])
  }
}
