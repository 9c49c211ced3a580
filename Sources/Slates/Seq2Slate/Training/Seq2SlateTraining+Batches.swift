import NeuralNetworks
import RankingData
import Tensors

extension Seq2SlateTraining {
  /// The lists as the encoder is to read them.
  func ordered(_ lists: [SlateList]) throws(SlateError) -> [SlateList] {
    guard inputOrder == .shuffled else { return lists }
    var shuffled: [SlateList] = []
    for list in lists { shuffled.append(try list.shuffled(seed: seed)) }
    return shuffled
  }

  /// The lists of an epoch in random order, in batches of lists of similar length.
  func batches(_ lists: [SlateList], epoch: Int) -> [[SlateList]] {
    SlateList.batches(lists, of: batchSize, seed: seed, epoch: epoch)
  }

  /// A batch cut for several cores, by its size alone, so that results do not depend on how many
  /// there are. Fewer lists a shard would make products of too few rows.
  static func shards(_ lists: [SlateList]) -> [[SlateList]] {
    let number = max(1, min(4, lists.count / listsWorthACore))
    let cuts = (0...number).map { lists.count * $0 / number }
    return zip(cuts, cuts.dropFirst()).map { Array(lists[$0..<$1]) }
  }

  private static let listsWorthACore = 32

  /// A batch of lists that were read before.
  static func batch(_ lists: [SlateList], _ model: Seq2Slate) -> SlateBatch {
    guard let batch = try? SlateBatch(lists, model.features) else {
      preconditionFailure("a list that was read before cannot be read again")
    }
    return batch
  }
}

extension SlateList {
  /// The same candidates in an order that says nothing, which depends on the seed and the list's id
  /// alone. Scores stay; ranks are those of the new order.
  package func shuffled(seed: UInt64) throws(SlateError) -> SlateList {
    var random = RandomStream(seed: seed, stream: StableHash.hash(id))
    let order = (0..<count).shuffled(using: &random)
    return try SlateList(
      id: id, ids: order.map { ids[$0] }, scores: scores.map { scores in order.map { scores[$0] } },
      categories: order.map { category($0) }, visuals: visuals,
      visualRows: order.map { visualRows[$0] }, embeddings: embeddings,
      features: order.flatMap { features[$0 * featureWidth..<($0 + 1) * featureWidth] },
      featureWidth: featureWidth,
      attributes: attributes.isEmpty ? [] : order.map { attributes[$0] },
      clicks: clicks.map { clicks in order.map { clicks[$0] } },
      order: .asGiven)
  }
}
