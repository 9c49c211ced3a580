import NeuralNetworks
import Rankers
import RankingData
import Tensors
import TestSupport
import Testing

/// Rows with lists of their own and shared ones, short, long and empty.
private struct AttentionWorld {
  let target: Tensor
  let events: Tensor
  let lists: SharedLists
  let width: Int

  init(width: Int, lengths: [Int] = [3, 3, 0, 17, 1, 6, 0], seed: UInt64 = 4) {
    var random = RandomStream(seed: seed)
    var next: Int32 = 0
    let bag = Bag(
      lengths.enumerated().map { row, length in
        if row == 1, length > 0 { return [0, 1, 2] }
        defer { next += Int32(length) }
        return (0..<length).map { next + Int32($0) }
      })
    lists = SharedLists(bag)
    target = Tensor(normal: 1, shape: [lengths.count, width], random: &random)
    events = Tensor(normal: 1, shape: [lists.eventCount, width], random: &random)
    self.width = width
  }

  func unit(
    _ activation: Activation, _ normalization: AttentionNormalization, hidden: [Int] = [12, 7]
  ) -> AttentionUnit {
    var random = RandomStream(seed: 8)
    let unit = AttentionUnit(
      width: width, hidden: hidden, activation: activation, normalize: normalization,
      scale: 0.4, random: &random)
    for entry in ParameterList(unit).entries where !entry.name.hasSuffix("weight") {
      let noise = Tensor(normal: 0.3, shape: entry.parameter.value.shape, random: &random)
      entry.parameter.value = noise.square() + (entry.parameter.value * 0.5 + 0.1)
    }
    return unit
  }
}

@Suite struct AttentionUnitTests {
  private func close(_ a: Tensor, _ b: Tensor, _ tolerance: Double = 1e-5) -> Bool {
    a.shape == b.shape && maximumDifference(a.scalars, b.scalars) < tolerance
  }

  /// The kernel for the tape's operations, for widths and layers that fill no vector and that fill
  /// several.
  @Test(arguments: Activation.allCases, AttentionNormalization.allCases)
  func theKernelIsTheTape(activation: Activation, normalization: AttentionNormalization) {
    for (width, hidden) in [(5, [12, 7]), (64, [80, 40]), (16, [48]), (3, [130, 5, 2])] {
      let world = AttentionWorld(width: width)
      let unit = world.unit(activation, normalization, hidden: hidden)
      let kernel = unit(
        target: world.target, events: world.events, lists: world.lists, .inference())
      let tape = unit.differentiable(
        target: world.target, events: world.events, lists: world.lists, .inference())
      #expect(close(kernel.pooled, tape.pooled), "\(width), \(hidden)")
      #expect(close(kernel.weights, tape.weights), "\(width), \(hidden)")
      #expect(kernel.weights.count == 30)
    }
  }

  /// The parts against the whole: one layer over `[q, k, q - k, q * k]`.
  @Test(arguments: AttentionNormalization.allCases)
  func theFirstLayerIsTheSumOfItsParts(normalization: AttentionNormalization) {
    let world = AttentionWorld(width: 5)
    let unit = world.unit(.sigmoid, normalization)
    let pairs = world.lists.pairs
    let (q, k) = (world.target.gatherRows(pairs.rows), world.events.gatherRows(pairs.events))
    var x = concatenate([q, k, q - k, q * k], axis: 1)
    for (index, layer) in unit.layers.enumerated() {
      x = layer(index == 0 ? x : x.sigmoid(), .inference())
    }
    var weights = x.reshaped([pairs.rows.count])
    if normalization == .softmax {
      weights = segmentSoftmax(weights * 0.4, offsets: pairs.offsets)
    }
    let pooled = segmentSum(k * weights.reshaped([pairs.rows.count, 1]), offsets: pairs.offsets)
    let found = unit.differentiable(
      target: world.target, events: world.events, lists: world.lists, .inference())
    #expect(close(found.weights, weights) && close(found.pooled, pooled))
  }

  @Test(arguments: AttentionNormalization.allCases, [[12, 7], []])
  func emptyListsPoolToZero(normalization: AttentionNormalization, hidden: [Int]) {
    let world = AttentionWorld(width: 4, lengths: [0, 3, 0, 0])
    let none = AttentionWorld(width: 4, lengths: [0, 0])
    for pass in [Pass.inference(), .training(seed: 1)] {
      let unit = world.unit(.sigmoid, normalization, hidden: hidden)
      let pooled = unit(target: world.target, events: world.events, lists: world.lists, pass).pooled
      #expect(pooled.slice(axis: 0, 0..<1).scalars == [0, 0, 0, 0])
      #expect(pooled.slice(axis: 0, 1..<2).scalars.allSatisfy { $0 != 0 })
      #expect(pooled.slice(axis: 0, 2..<4).scalars.allSatisfy { $0 == 0 })
      let nothing = unit(target: none.target, events: none.events, lists: none.lists, pass)
      #expect(nothing.pooled.scalars.allSatisfy { $0 == 0 } && nothing.weights.count == 0)
    }
  }

  /// Every event twice: unnormalised weights count it twice, normalised ones do not.
  @Test func aDuplicatedHistoryDoublesTheInterest() {
    let world = AttentionWorld(width: 6, lengths: [5])
    let lists = SharedLists(Bag([[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]]))
    let twice = concatenate([world.events, world.events], axis: 0)
    for normalization in AttentionNormalization.allCases {
      let unit = world.unit(.sigmoid, normalization)
      let once = unit(
        target: world.target, events: world.events, lists: world.lists, .inference()
      ).pooled
      let both = unit(target: world.target, events: twice, lists: lists, .inference()).pooled
      #expect(close(both, normalization == .none ? once * 2 : once))
    }
  }

  @Test(arguments: AttentionNormalization.allCases)
  func theOrderOfEventsDoesNotMatter(normalization: AttentionNormalization) {
    let world = AttentionWorld(width: 6, lengths: [7])
    let unit = world.unit(.dice, normalization)
    let permuted = world.events.gatherRows([3, 6, 0, 1, 5, 2, 4])
    let a = unit(target: world.target, events: world.events, lists: world.lists, .inference())
    let b = unit(target: world.target, events: permuted, lists: world.lists, .inference())
    #expect(close(a.pooled, b.pooled))
    #expect(
      close(b.weights, a.weights.reshaped([7, 1]).gatherRows([3, 6, 0, 1, 5, 2, 4]).reshaped([7])))
  }

  @Test func softmaxWeightsOfAListSumToOne() {
    let world = AttentionWorld(width: 6)
    let unit = world.unit(.sigmoid, .softmax)
    let weights = unit(
      target: world.target, events: world.events, lists: world.lists, .inference()
    ).weights
    let sums = segmentSum(
      weights.reshaped([weights.count, 1]), offsets: world.lists.pairs.offsets)
    #expect(close(sums.reshaped([7]), Tensor([1, 1, 0, 1, 1, 1, 0])))
  }

  @Test(.enabled(if: isDoublePrecision), arguments: AttentionNormalization.allCases)
  func gradients(normalization: AttentionNormalization) {
    let world = AttentionWorld(width: 3, lengths: [2, 3, 0, 4])
    let unit = world.unit(.sigmoid, normalization, hidden: [4, 3])
    let inputs = checkGradients(
      of: {
        unit.differentiable(
          target: $0[0], events: $0[1], lists: world.lists, .inference()
        ).pooled
      }, at: [world.target, world.events])
    #expect(inputs.relativeError < 1e-6, "\(inputs)")
    let parameters = checkGradients(of: unit) { pass in
      unit(target: world.target, events: world.events, lists: world.lists, pass).pooled.square()
        .sum()
    }
    #expect(parameters.relativeError < 1e-5, "\(parameters)")
  }
}
