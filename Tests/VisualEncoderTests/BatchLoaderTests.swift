import FileSupport
import Foundation
import Images
import Tensors
import Testing
import VisualEncoder

@Suite("Pictures made ready for training")
struct BatchLoaderTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try ColouredPictures.write(6, to: folder, "set")
  }

  private func maker(_ plan: Augmentation = Augmentation()) throws -> BatchMaker {
    let preprocessing = ColouredPictures.preprocessing
    let decoded = try ColouredPictures.decoded(
      folder, "set", plan.isNone ? preprocessing : preprocessing.forAugmentation)
    var maker = BatchMaker(decoded, Augmenter(plan, for: preprocessing))
    maker.seed = 11
    return maker
  }

  @Test func storedPixelsAreThoseOfThePreprocessing() throws {
    let decoded = try ColouredPictures.decoded(folder, "set", ColouredPictures.preprocessing)
    let maker = try maker(.none)
    let batch = maker.batch([[3, 20]], epoch: 1, number: 0)
    for (position, index) in [3, 20].enumerated() {
      let bytes = try ImageFile.read(decoded.images.images[index].path)
      let planes = try ColouredPictures.planes(bytes)
      let size = planes.count
      let made = Array(batch.shards[0].images.scalars[position * size..<(position + 1) * size])
      #expect(made.map { Float($0).bitPattern } == planes.map(\.bitPattern))
    }
  }

  @Test func picturesThatCannotBeReadAreListed() throws {
    try folder.write("no image", to: "set/red/broken.png")
    for workers in [1, 3] {
      let decoded = try ColouredPictures.decoded(
        folder, "set", ColouredPictures.preprocessing, workers: workers)
      #expect(decoded.failures.map(\.id) == ["red/broken"])
      #expect(decoded.images.images.count == 24 && decoded.pixels.count == 24)
      let last = decoded.pixels.image(23)
      let bytes = try PNGImage.encode(ColouredPictures.picture(3, 5))
      let planes = try ColouredPictures.planes(bytes)
      for index in stride(from: 0, to: 1024, by: 31) {
        let level = (planes[index] * 0.229 + 0.485) * 255
        #expect(abs(level - Float(last[3 * index])) < 0.01)
      }
    }
  }

  @Test func tooMuchMemoryIsRefusedBeforeItIsTaken() throws {
    let images = try LabelledImages.read(folder("set"))
    let error = #expect(throws: VisualEncoderError.self) {
      _ = try DecodedImages(
        images, ColouredPictures.preprocessing, workers: 1, memoryLimit: 1 << 16, path: "p")
    }
    #expect(error?.reason.contains("data.memory") == true, "\(String(describing: error))")
  }

  @Test func everyPictureComesOnceAndTheOrderIsTheSeeds() {
    for (count, size) in [(1, 4), (20, 64), (70, 64), (129, 64), (3068, 64), (100, 33)] {
      let plan = EpochPlan(count: count, batchSize: size, seed: 3, epoch: 2)
      #expect(plan.batches.joined().joined().sorted() == Array(0..<count))
      for shard in plan.batches.joined() {
        #expect(shard.count < EpochPlan.shardSize + 8 && (shard.count >= 8 || count < 8))
      }
      #expect(plan == EpochPlan(count: count, batchSize: size, seed: 3, epoch: 2))
      if count > 8 {
        #expect(plan != EpochPlan(count: count, batchSize: size, seed: 3, epoch: 3))
        #expect(plan != EpochPlan(count: count, batchSize: size, seed: 4, epoch: 2))
      }
    }
  }

  @Test func anyNumberOfWorkersMakesTheSameBatches() throws {
    let maker = try maker()
    let plan = EpochPlan(count: 24, batchSize: 8, seed: 1, epoch: 4)
    func run(_ workers: Int) -> [[Scalar]] {
      BatchLoader(maker, plan, epoch: 4, workers: workers, ahead: 2).map {
        $0.shards.flatMap { $0.images.scalars + $0.targets }
      }
    }
    let one = run(1)
    #expect(one.count == 3)
    #expect(one == run(3))
    // Who stops early leaves no thread that waits for ever; nothing to see but that this ends.
    for batch in BatchLoader(maker, plan, epoch: 4, workers: 2, ahead: 1) {
      #expect(batch.count == 8)
      break
    }
  }

  @Test func targetsAreSoftenedAndMixedLikeThePictures() throws {
    var maker = try maker(.none)
    maker.labelSmoothing = 0.2
    let indices = [0, 6, 12, 18]
    let plain = maker.batch([indices], epoch: 1, number: 0).shards[0]
    for row in 0..<4 {
      for label in 0..<4 {
        #expect(abs(plain.targets[4 * row + label] - (row == label ? 0.85 : 0.05)) < 1e-6)
      }
    }
    maker.labelSmoothing = 0
    let size = 3 * 32 * 32
    for mixing in [PictureMixing(mixup: 1), PictureMixing(cutmix: 1)] {
      maker.mixing = mixing
      for number in 0..<8 {
        let mixed = maker.batch([indices], epoch: 1, number: number).shards[0]
        let own = mixed.targets[0]
        #expect((0...1).contains(own))
        for row in 0..<4 {
          let partner = 3 - row
          #expect(abs(mixed.targets[4 * row + row] - own) < 1e-6)
          #expect(abs(mixed.targets[4 * row + partner] - (1 - own)) < 1e-6)
        }
        let (before, after) = (plain.images.scalars, mixed.images.scalars)
        if mixing.mixup > 0 {
          for index in stride(from: 0, to: size, by: 97) {
            let expected = own * before[index] + (1 - own) * before[3 * size + index]
            #expect(abs(after[index] - expected) < 1e-5)
          }
        } else {
          let pasted = (0..<size).count { after[$0] == before[3 * size + $0] }
          #expect(abs(Scalar(pasted) / Scalar(size) - (1 - own)) < 0.02)
        }
      }
    }
  }

  @Test func verificationAsksForTrueAndForOtherCategories() throws {
    var maker = try maker()
    maker.verification = (0.5, CategoryTruth(maker.images, categories: ["red", "blue", "felt"]))
    let all = Array(0..<24)
    var verdicts: [Scalar] = []
    for number in 0..<20 {
      let shard = maker.batch([all], epoch: 1, number: number).shards[0]
      #expect(shard.verdicts.count == 12 && shard.targets.count == 12 * 4)
      #expect(shard.categoryRows[12...].allSatisfy { $0 == 0 })
      for (position, verdict) in shard.verdicts.enumerated() {
        let row = shard.categoryRows[position]
        #expect((1...3).contains(row))
        let own = ["blue": 2, "red": 1][ColouredPictures.classes[position / 6]]
        #expect((Int(row) == own) == (verdict == 1))
      }
      verdicts += shard.verdicts
    }
    // The first twelve are blue and green, and no green is asked for.
    #expect((0.15...0.35).contains(verdicts.reduce(0, +) / Scalar(verdicts.count)))
  }
}
