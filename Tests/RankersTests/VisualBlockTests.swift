import NeuralNetworks
import Rankers
import RankingData
import Tensors
import Testing

@Suite struct VisualBlockTests {
  private func make(_ world: RankerWorld, history: Bool = true) throws -> VisualBlock {
    var random = RandomStream(seed: 8)
    var block = VisualBlock(
      input: .init(width: 10, version: RankerWorld.version), width: 4, normalized: true,
      history: history, deviation: 0.5, random: &random)
    try block.attach(world.table, version: RankerWorld.version)
    return block
  }

  @Test func aRepeatedImageIsProjectedOnce() throws {
    var world = RankerWorld()
    var batch = world.batch(6)
    batch.visualRows = [3, 3, -1, 3, 5, 3]
    batch.visualHistory = Bag([[5, 3], [], [5], [11], [3], [3]])
    let images = VisualRows(batch, known: 12, readsHistory: true)
    let (distinct, positions) = images.distinct(of: 12)
    #expect(distinct == [3, 5, 11])
    #expect([3, 5, 11, 0].map { positions[$0] } == [0, 1, 2, -1])
    #expect(images.flags.scalars == [1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1, 1])
  }

  @Test func fieldsAreProjectionsStandInsAndMeans() throws {
    var world = RankerWorld()
    let block = try make(world)
    var batch = world.batch(3)
    batch.visualRows = [4, -1, 7]
    batch.visualHistory = Bag([[2, 9], [], [-1]])
    let fields = block(batch, .inference()).vectors.scalars
    let all = block.project(world.table, rows: Array(0..<12), .inference()).scalars
    func projected(_ row: Int) -> [Scalar] { Array(all[row * 4..<row * 4 + 4]) }
    let noHistory = try #require(block.noHistory).value.scalars
    let mean = zip(projected(2), projected(9)).map { ($0 + $1) / 2 }
    let expected =
      projected(4) + mean + block.missing.value.scalars + noHistory + projected(7) + noHistory
    #expect(maximumDifference(fields, expected) < 1e-6)
  }

  @Test func standardizedVectorsHaveMeanZeroAndVarianceOne() throws {
    let world = RankerWorld()
    let block = try make(world)
    block.standardize()
    let raw = Tensor(world.table.vectors.map { Scalar($0) }, shape: [12, 10])
    let standardized = (raw - block.center.value) * block.scale.value
    #expect(standardized.mean(axis: 0).scalars.allSatisfy { abs($0) < 1e-5 })
    #expect(abs(standardized.square().mean().item() - 1) < 1e-4)
  }

  @Test func otherVectorsAreRefused() throws {
    let world = RankerWorld()
    var block = try make(world)
    #expect(throws: RankerError.visualVersion(expected: "encoder-1", found: "encoder-2")) {
      try block.attach(world.table, version: "encoder-2")
    }
    let narrow = VisualTable(ids: ["a"], width: 3, vectors: [1, 2, 3])
    #expect(throws: RankerError.visualWidth(expected: 10, found: 3)) {
      try block.attach(narrow, version: "encoder-1")
    }
    #expect(block.imageCount == 12, "a refused table changes nothing")
  }

  @Test func withoutATableEveryImageIsMissing() throws {
    var world = RankerWorld()
    var block = try make(world)
    try block.attach(.empty, version: RankerWorld.version)
    let batch = world.batch(4)
    let fields = block(batch, .inference())
    #expect(fields.flags.scalars.allSatisfy { $0 == 0 })
    let standIns = block.standIns(.inference()).scalars
    #expect(fields.vectors.scalars == standIns + standIns + standIns + standIns)
    block.prepare()
    #expect(block(batch, .inference()).vectors.scalars == fields.vectors.scalars)
  }

  /// The prepared table is built in blocks; none may be lost or moved.
  @Test func aLongTableIsPreparedInBlocks() throws {
    let count = 4096 * 2 + 5
    var random = RandomStream(seed: 2)
    let vectors = (0..<count * 3).map { _ in Float(random.nextNormal()) }
    let table = VisualTable(ids: (0..<count).map(String.init), width: 3, vectors: vectors)
    var block = VisualBlock(
      input: .init(width: 3, version: "v"), width: 2, normalized: true, history: false,
      deviation: 1, random: &random)
    try block.attach(table, version: "v")
    let rows: [Int32] = [0, 4095, 4096, 8191, 8192, 8196, -1]
    let batch = RankingBatch(count: rows.count, visualRows: rows)
    let direct = block(batch, .inference()).vectors.scalars
    block.prepare()
    #expect(block.isPrepared && block.imageCount == count)
    #expect(maximumDifference(block(batch, .inference()).vectors.scalars, direct) < 1e-6)
  }
}
