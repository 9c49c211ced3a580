import NeuralNetworks
import Rankers
import RankingData
import Tensors
import Testing

@Suite struct RecurrentRankerTests {
  typealias Cell = RecurrentRanker.Configuration.Cell
  typealias ReadOut = RecurrentRanker.Configuration.ReadOut

  private func make(
    _ world: RankerWorld, _ readOut: ReadOut, _ cell: Cell = .gru
  ) throws -> RecurrentRanker {
    let specification = RankerSpecification(RecurrentRanker.Configuration.small(cell, readOut))
    return try #require(try world.makeRanker(specification) as? RecurrentRanker)
  }

  /// The states of each row's history, row by row, through one-step runs of nothing but that history.
  private func states(_ ranker: RecurrentRanker, _ batch: RankingBatch) -> [[Tensor]] {
    (0..<batch.count).map { row in
      let vectors = ranker.fields(batch.batch([Int32(row)]), .inference())
      let one = PackedLists(offsets: [0, 1])
      var state: RecurrentCell.State?
      return (0..<vectors.lists.eventCount).map { event in
        let x = vectors.events.slice(axis: 0, event..<event + 1)
        state = ranker.cell(x, one, initial: state, .inference())
        return state?.hidden ?? x
      }
    }
  }

  /// What the head makes of read-outs that a test worked out itself.
  private func scores(
    _ ranker: RecurrentRanker, _ batch: RankingBatch, _ readOut: ([Tensor]) -> Tensor
  ) -> [Float] {
    let vectors = ranker.fields(batch, .inference())
    let units = ranker.configuration.units
    let rows = states(ranker, batch).map { states in
      states.isEmpty ? ranker.noHistory.value.reshaped([1, units]) : readOut(states)
    }
    let parts = [concatenate(rows, axis: 0), vectors.target] + [vectors.context].compactMap { $0 }
    return ranker.head(concatenate(parts, axis: 1), .inference()).scalars.map { Float($0) }
  }

  @Test(arguments: [ReadOut.last, .mean, .max], Cell.allCases)
  func readOutsAreThoseOfListsRunAloneEventByEvent(readOut: ReadOut, cell: Cell) throws {
    var world = RankerWorld()
    let ranker = try make(world, readOut, cell)
    let batch = world.batch(21)
    let expected = scores(ranker, batch) { states in
      switch readOut {
      case .mean: concatenate(states, axis: 0).mean(axis: 0).reshaped(states[0].shape)
      case .max:
        maximumOfSegments(concatenate(states, axis: 0), offsets: [0, Int32(states.count)])
      case .last, .attention: states[states.count - 1]
      }
    }
    #expect(maximumDifference(ranker.scores(of: batch), expected) < 1e-6)
  }

  @Test func constantAttentionIsTheMean() throws {
    var world = RankerWorld()
    let ranker = try make(world, .attention)
    let last = try #require(ranker.attention?.unit.layers.last)
    last.weight.value = Tensor(zeros: last.weight.value.shape)
    let batch = world.batch(21)
    let expected = scores(ranker, batch) { states in
      concatenate(states, axis: 0).mean(axis: 0).reshaped(states[0].shape)
    }
    #expect(maximumDifference(ranker.scores(of: batch), expected) < 1e-6)
  }

  @Test(arguments: [true, false])
  func attentionSumsToOneOverTheEventsOfARow(training: Bool) throws {
    var world = RankerWorld()
    let ranker = try make(world, .attention)
    let attention = try #require(ranker.attention)
    let pass = training ? Pass.training(seed: 1) : Pass.inference()
    let vectors = ranker.fields(world.batch(21), pass)
    var random = RandomStream(seed: 8)
    let states = Tensor(
      normal: 1, shape: [vectors.lists.eventCount, ranker.configuration.units], random: &random)
    let weights = attention(
      target: vectors.target, states: states, lists: vectors.lists, pass
    ).weights.scalars
    let offsets = vectors.lists.pairs.offsets
    for (start, end) in zip(offsets, offsets.dropFirst()) where end > start {
      let total: Scalar = weights[Int(start)..<Int(end)].reduce(0, +)
      #expect(abs(total - 1) < 1e-6)
    }
  }

  @Test(arguments: ReadOut.allCases, Cell.allCases)
  func carryingOnEventByEventIsReadingAllAtOnce(readOut: ReadOut, cell: Cell) throws {
    var world = RankerWorld()
    let ranker = try make(world, readOut, cell)
    let batch = world.batch(30)
    for row in 0..<Int32(10) {
      // The candidates of one request: rows with one history.
      var request = batch.batch([row, row + 10, row + 20])
      let (histories, images) = (batch.bags, batch.visualHistory)
      func rows(_ bag: Bag, _ range: Range<Int>) -> Bag {
        Bag(
          (0..<3).map { _ in Array(bag[Int(row)].dropFirst(range.lowerBound).prefix(range.count)) })
      }
      func show(_ range: Range<Int>) {
        for bag in [0, 2] { request.bags[bag] = rows(histories[bag], range) }
        request.bagAges[0] = [Float](repeating: -1, count: 3 * range.count)
        request.visualHistory = rows(images, range)
      }
      let length = histories[0][Int(row)].count
      var carried: CarriedHistory?
      show(0..<0)
      carried = ranker.carry(carried, on: request)
      for event in 0..<length {
        show(event..<event + 1)
        carried = ranker.carry(carried, on: request)
      }
      let history = try #require(carried)
      #expect(history.count == length)
      show(0..<0)
      let scores = ranker.scores(of: request, after: history)
      show(0..<length)
      #expect(maximumDifference(scores, ranker.scores(of: request)) < 1e-6)
    }
  }

  @Test(arguments: [ReadOut.last, .mean])
  func swappingTwoEventsChangesARow(readOut: ReadOut) throws {
    var world = RankerWorld()
    world.layout.visual = false
    world.layout.visualHistory = false
    let ranker = try make(world, readOut)
    var batch = world.batch(1)
    batch.bagAges = [[-1, -1, -1], [], []]
    batch.bags = [Bag([[4, 9, 11]]), Bag([[1]]), Bag([[1, 2, 3]])]
    var swapped = batch
    swapped.bags[0] = Bag([[9, 4, 11]])
    swapped.bags[2] = Bag([[2, 1, 3]])
    #expect(maximumDifference(ranker.scores(of: batch), ranker.scores(of: swapped)) > 1e-5)
  }

  @Test(
    arguments: [
      (Cell.lstm, ReadOut.last), (.gru, .mean), (.lstm, .max), (.gru, .attention),
    ])
  func conforms(cell: Cell, readOut: ReadOut) throws {
    try RankerConformance(
      specification: RankerSpecification(RecurrentRanker.Configuration.small(cell, readOut)),
      readsOrder: true
    ).check()
  }

  @Test func aSchemaWithoutAHistoryIsRefused() throws {
    var world = RankerWorld()
    world.layout.historyBag = nil
    #expect(throws: RankerError.self) { try make(world, .last) }
  }

  @Test func itIsTrainedAsPublished() {
    let training = RecurrentRanker.Configuration().usualTraining
    #expect(training.batchSize == 512 && training.clipNorm == 5 && training.learningRate == 0.001)
    #expect(training.monitor == .gauc)
  }
}
