import Rankers
import RankingData
import Tensors
import Testing

@Suite struct SequenceFieldsTests {
  private func make(_ world: RankerWorld) throws -> SequenceFields {
    var random = RandomStream(seed: 2)
    var fields = try SequenceFields(
      input: world.input, unit: 3, deviation: 0.5, random: &random)
    try fields.visual?.attach(world.table, version: RankerWorld.version)
    return fields
  }

  private func rows(of tensor: Tensor) -> [[Scalar]] {
    let width = tensor.shape[1]
    return (0..<tensor.shape[0]).map { Array(tensor.scalars[$0 * width..<($0 + 1) * width]) }
  }

  @Test func candidatesOfARequestShareOneList() throws {
    var world = RankerWorld()
    let fields = try make(world)
    let batch = world.batch(5).batch([1, 1, 1, 4, 4, 1])
    let vectors = fields(batch, .inference())
    #expect(vectors.lists.rows == [0, 0, 0, 1, 1, 2])
    #expect(vectors.lists.firstRows == [0, 3, 5])
    #expect(vectors.events.shape[0] == vectors.lists.eventCount)
    #expect(vectors.target.shape == [6, fields.width])
    #expect(vectors.context?.shape == [6, fields.contextWidth])
    #expect(vectors.lists.ages.count == vectors.lists.eventCount)
    let pairs = vectors.lists.pairs
    #expect(pairs.offsets.count == 7 && pairs.rows.count == pairs.events.count)
  }

  /// Lists agree only where everything beside them does.
  @Test func anyDifferenceMakesAnotherList() throws {
    var world = RankerWorld()
    let fields = try make(world)
    let source = world.batch(8)
    let row = try #require((0..<8).first { source.bags[0][$0].count >= 2 })
    let pair = source.batch([Int32(row), Int32(row)])
    #expect(fields(pair, .inference()).lists.count == 1)
    let last = pair.bags[0].values.count - 1
    var aged = pair
    aged.bagAges[0][last] += 1
    var ids = pair
    ids.bags[0].values[last] = (pair.bags[0].values[last] + 1) % 41
    var attributes = pair
    attributes.bags[2].values[last] = (pair.bags[2].values[last] + 1) % 7
    var images = pair
    images.visualHistory.values[last] = (pair.visualHistory.values[last] + 2) % 12
    for changed in [aged, ids, attributes, images] {
      #expect(fields(changed, .inference()).lists.count == 2)
    }
    var tags = pair
    tags.bags[1] = Bag([[1], [2]])
    #expect(fields(tags, .inference()).lists.count == 1, "no part of the history")
  }

  @Test func anEventLooksLikeTheCandidateItWas() throws {
    let world = RankerWorld()
    let fields = try make(world)
    let batch = RankingBatch(
      count: 1, categorical: [[7], [1], [2], [3]],
      bags: [Bag([[9, 7]]), Bag([[]]), Bag([[1, 3]])],
      bagAges: [[20, 10], [], []], numeric: [0, 0], numericWidth: 2, visualRows: [5],
      visualHistory: Bag([[5]]))
    let vectors = fields(batch, .inference())
    let events = rows(of: vectors.events)
    #expect(events[1] == rows(of: vectors.target)[0], "item, category and image agree")
    #expect(events[0] != events[1])
    // The image list is the shorter one: it tells of the most recent event.
    var none = batch
    none.visualHistory = Bag([[]])
    let without = rows(of: fields(none, .inference()).events)
    #expect(without[0] == events[0] && without[1] != events[1])
    #expect(without[1].prefix(6) == events[1].prefix(6))
  }

  @Test func withoutImagesOfHistoriesTheImageIsContext() throws {
    var world = RankerWorld()
    let whole = try make(world)
    world.layout.visualHistory = false
    let fields = try make(world)
    #expect(fields.width == whole.width - 3 && fields.contextWidth == whole.contextWidth + 3)
    let batch = world.batch(4)
    #expect(fields(batch, .inference()).context?.shape == [4, fields.contextWidth])
    world.layout.visual = false
    let plain = try make(world)
    #expect(plain.visual == nil && plain.contextWidth == whole.contextWidth - 1)
  }

  @Test func aSchemaWithoutHistoryOrItemIsRefused() throws {
    var world = RankerWorld()
    world.layout.itemField = nil
    #expect(throws: RankerError.self) { try make(world) }
    world.layout.itemField = 0
    world.layout.historyBag = nil
    #expect(throws: RankerError.self) { try make(world) }
  }

  @Test func equalListsGiveEqualGradientsHoweverTheyAreShared() throws {
    var world = RankerWorld()
    let fields = try make(world)
    let batch = world.batch(6).batch([0, 0, 1, 2, 2, 2])
    let apart = batch.batch([0, 2, 3, 1, 4, 5])
    func gradient(_ batch: RankingBatch) -> Tensor {
      let pass = Pass.training(seed: 1)
      let vectors = fields(batch, pass)
      let events = vectors.events.gatherRows(vectors.lists.pairs.events)
      return pass.gradients(of: events.square().sum() + vectors.target.square().sum())
        .dense(fields.table)
    }
    #expect(maximumDifference(gradient(batch).scalars, gradient(apart).scalars) < 1e-5)
  }
}
