import Foundation
import NeuralNetworks
import Rankers
import RankingData
import Tensors
import Testing

@Suite struct SLiRecTests {
  private func make(
    _ world: RankerWorld, _ fusion: SLiRec.Configuration.Fusion = .adaptive
  ) throws -> SLiRec {
    let specification = RankerSpecification(SLiRec.Configuration.small(fusion))
    return try #require(try world.makeRanker(specification) as? SLiRec)
  }

  private func perturb(_ module: some Module) {
    var random = RandomStream(seed: 4)
    for parameter in ParameterList(module).trainable {
      parameter.value = Tensor(normal: 1, shape: parameter.value.shape, random: &random)
    }
  }

  @Test(arguments: [0.0, 1])
  func aShareOfOneIsTheLongTermInterestAndOfZeroTheShortOne(share: Double) throws {
    var world = RankerWorld()
    let ranker = try make(world, .fixed(share))
    let batch = world.batch(17)
    let before = ranker.scores(of: batch)
    let interests = ranker.interests(ranker.fields(batch, .inference()), .inference())
    let user = interests.short + interests.longShare * (interests.long - interests.short)
    let expected = share == 1 ? interests.long : interests.short
    #expect(maximumDifference(user.scalars, expected.scalars) < 1e-6)
    if share == 1 {
      perturb(ranker.recurrent)
      perturb(ranker.attention)
    } else {
      perturb(ranker.longTerm)
    }
    #expect(maximumDifference(ranker.scores(of: batch), before) < 1e-6)
  }

  @Test func theMixtureIsAShareOfEachRow() throws {
    var world = RankerWorld()
    let ranker = try make(world)
    let batch = world.batch(17)
    let shares = ranker.interests(ranker.fields(batch, .inference()), .inference()).longShare
    #expect(shares.shape == [17, 1])
    #expect(shares.scalars.allSatisfy { $0 > 0 && $0 < 1 } && Set(shares.scalars).count > 10)
  }

  @Test func onlyTheShortTermInterestKnowsTheOrder() throws {
    var world = RankerWorld()
    let ranker = try make(world)
    let batch = world.batch(25)
    var reversed = batch
    for bag in [0, 2] {
      reversed.bags[bag] = Bag((0..<25).map { Array(batch.bags[bag][$0].reversed()) })
    }
    reversed.visualHistory = Bag((0..<25).map { Array(batch.visualHistory[$0].reversed()) })
    func interests(_ batch: RankingBatch) -> SLiRec.Interests {
      ranker.interests(ranker.fields(batch, .inference()), .inference())
    }
    let (a, b) = (interests(batch), interests(reversed))
    #expect(maximumDifference(a.long.scalars, b.long.scalars) < 1e-6)
    #expect(maximumDifference(a.short.scalars, b.short.scalars) > 1e-4)
  }

  @Test func timesMatterByTheirDifferencesAlone() throws {
    var world = RankerWorld()
    let ranker = try make(world)
    let batch = world.batch(25)
    // Event times and request time moved by a century: the ages are what they were.
    let now = 1_600_000_000.0
    let shift = 3_155_760_000.0
    var shifted = batch
    shifted.bagAges[0] = batch.bagAges[0].map { Float((now + shift) - (now - Double($0) + shift)) }
    #expect(ranker.scores(of: shifted) == ranker.scores(of: batch))
    var scaled = batch
    scaled.bagAges[0] = batch.bagAges[0].map { $0 * 10 }
    #expect(maximumDifference(ranker.scores(of: scaled), ranker.scores(of: batch)) > 1e-5)
  }

  private func times(_ ages: [Float]) -> EventTimes {
    EventTimes(
      SharedLists(
        Bag([[Int32]](repeating: ages.map { _ in 1 }, count: 1)), ages: ages))
  }

  @Test func timesAreLogarithmsOfDaysFromHalfADayOn() {
    let day: Float = 86_400
    let seen = times([9 * day, 5 * day, 4.9 * day, 0.1 * day])
    let expected = [0, log(4.0), log(0.5), log(4.8)]
    #expect(maximumDifference(seen.intervals, expected) < 1e-5)
    #expect(maximumDifference(seen.recencies, [log(9.0), log(5), log(4.9), log(0.5)]) < 1e-5)
    #expect(maximumDifference(seen.lastRecencies, [log(0.5)]) < 1e-5)
    // Gaps of half a day and less are one.
    let (short, shorter) = (times([day, 0.6 * day]), times([day, 0.99 * day]))
    #expect(short.intervals == shorter.intervals)
  }

  @Test func unknownAgesReadAsOneDay() throws {
    let seen = times([-1, 172_800, -1])
    #expect(seen.intervals == [0, 0, 0])
    #expect(maximumDifference(seen.recencies, [0, log(2.0), 0]) < 1e-6)
    var world = RankerWorld()
    let ranker = try make(world)
    var batch = world.batch(9)
    batch.bagAges[0] = batch.bagAges[0].map { _ in -1 }
    #expect(allFinite(ranker.scores(of: batch)))
  }

  /// A request may leave out some of its times, and is then taken in the order given.
  @Test func anEventThatClaimsToBeYoungerThanTheNextStopsNothing() {
    let lists = SharedLists(Bag([[1, 2, 3]]), ages: [86_400, -1, 200_000])
    let swapped = SharedLists(Bag([[1, 2]]), ages: [86_400, 200_000])
    #expect(EventTimes(lists).intervals == [0, 0, 0])
    let half = Scalar(log(0.5))
    #expect(EventTimes(swapped).intervals == [0, half])
  }

  @Test func aHistoryWithoutAgesIsRefused() throws {
    var world = RankerWorld()
    world.layout.agedBags = []
    #expect {
      try make(world)
    } throws: { "\($0)".contains("ages: true") }
  }

  @Test(arguments: [SLiRec.Configuration.Fusion.adaptive, .fixed(0.2)])
  func conforms(fusion: SLiRec.Configuration.Fusion) throws {
    try RankerConformance(
      specification: RankerSpecification(SLiRec.Configuration.small(fusion)), readsOrder: true
    ).check()
  }

  @Test func theMixtureIsAWordOrANumber() throws {
    func read(_ value: String) throws -> SLiRec.Configuration.Fusion? {
      let text = #"{"kind": "sli_rec", "fusion": \#(value)}"#
      let read = try JSONDecoder().decode(RankerSpecification.self, from: Data(text.utf8))
      return (read.configuration as? SLiRec.Configuration)?.fusion
    }
    #expect(try read("\"adaptive\"") == .adaptive)
    #expect(try read("0.2") == .fixed(0.2))
    #expect(throws: RankerError.self) { try read("1.5") }
    #expect(throws: (any Error).self) { try read("\"fixed\"") }
  }
}
