import NeuralNetworks
import Rankers
import RankingData
import Tensors
import Testing

/// What every kind of network brings along to other vocabularies, and to other kinds.
@Suite struct KindTransferTests {
  private static let world = RankerWorld()

  /// Ids of a field by the layout's sizes; lists share those of their fields.
  private static func ids(reversed: Bool) -> ParameterTransfer.Ids {
    { section in
      let layout = world.layout
      var name = section
      if name.hasSuffix("[]") { name.removeLast(2) }
      guard let field = (layout.categorical + layout.bags).first(where: { $0.name == name }) else {
        return nil
      }
      let shared = name == "history" ? "item" : name.replacing("history.", with: "")
      let ids = (1..<field.rows).map { "\(shared) \($0)" }
      return .ids(reversed ? ids.reversed() : ids)
    }
  }

  /// The batch by the reversed vocabularies.
  private func reversed(_ batch: RankingBatch) -> RankingBatch {
    func ids(_ values: [Int32], _ field: FeatureLayout.Field) -> [Int32] {
      values.map { $0 == 0 ? 0 : Int32(field.rows) - $0 }
    }
    let layout = Self.world.layout
    var batch = batch
    batch.categorical = zip(batch.categorical, layout.categorical).map(ids)
    batch.bags = zip(batch.bags, layout.bags).map {
      Bag(values: ids($0.values, $1), offsets: $0.offsets)
    }
    return batch
  }

  /// Whatever a kind has learnt about an id follows the id to its new row.
  @Test(arguments: neuralKinds)
  func scoresFollowTheIds(of kind: String) throws {
    var world = Self.world
    let specification = try RankerSpecification(kind: kind)
    let old = try world.makeRanker(specification, seed: 1)
    let new = try world.makeRanker(specification, seed: 2)
    var report = WarmStartReport(from: "old")
    ParameterTransfer(
      from: old, ids: Self.ids(reversed: false), to: new, ids: Self.ids(reversed: true),
      tablesOnly: false
    ).run(seed: 1, into: &report)
    let batch = world.batch(40)
    let before = old.scores(of: batch)
    #expect(Set(before).count > 10 && report.fresh.isEmpty, "\(report.fresh)")
    #expect(maximumDifference(new.scores(of: reversed(batch)), before) < 1e-6)
  }

  @Test(arguments: [true, false])
  func anotherKindTakesRowsAndTheProjectionOfImages(sameImages: Bool) throws {
    var configuration = DeepFM.Configuration()
    // Vectors as long as a DIN's, which therefore keep their length.
    (configuration.width, configuration.embeddingScale) = (6, 0.05)
    var other = DIN.Configuration()
    other.width = 6
    let old = try #require(
      try Self.world.makeRanker(RankerSpecification(configuration)) as? DeepFM)
    let new = try #require(
      try Self.world.makeRanker(RankerSpecification(other), seed: 2) as? DIN)
    var report = WarmStartReport(from: "old")
    ParameterTransfer(
      from: old, ids: Self.ids(reversed: false), to: new, ids: Self.ids(reversed: true),
      tablesOnly: true, sameImages: sameImages
    ).run(seed: 1, into: &report)
    // Items come first in both tables.
    let (vectors, taken) = (old.embeddings.table.value, new.fields.table.value)
    for row in 1..<41 {
      #expect(
        taken.slice(axis: 0, row..<row + 1).scalars
          == vectors.slice(axis: 0, 41 - row..<42 - row).scalars)
    }
    let weights = old.firstOrder.table.value.scalars[1..<41].reversed()
    let biases = try #require(new.itemBias).value.scalars[1...]
    #expect(cosine(Array(weights), Array(biases)) > 0.9999)
    let projection = try #require(new.visual).projection.weight.value.scalars
    #expect((projection == old.visual?.projection.weight.value.scalars) == sameImages)
    #expect(report.copied.contains("fields.visual.projection.weight") == sameImages)
    #expect(report.fresh.keys.contains { $0.hasPrefix("network.") })
  }

  private func cosine(_ a: [Scalar], _ b: [Scalar]) -> Scalar {
    func dot(_ x: [Scalar], _ y: [Scalar]) -> Scalar { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }
    return dot(a, b) / (dot(a, a) * dot(b, b)).squareRoot()
  }
}
