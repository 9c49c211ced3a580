package import NeuralNetworks
package import RankingData
package import Tensors

/// The columns of `DenseColumns` taken apart, for scoring: what is the same for all candidates of a
/// request stands there once. No pass may be training.
package struct SplitColumns {
  /// Columns of one side.
  package struct Side {
    /// `[rows, columns]` each, and which columns of the whole they are.
    package fileprivate(set) var blocks: [(values: Tensor, columns: Range<Int>)] = []
    /// `[rows, fields, width]`: those of them that are vectors, and which of all fields they are.
    package fileprivate(set) var vectors: [(values: Tensor, fields: Range<Int>)] = []
    /// `[rows, columns]`: those that are numbers, and which of all numbers they are.
    package fileprivate(set) var numbers: [(values: Tensor, columns: Range<Int>)] = []
  }

  /// Those of the requests: a row for each.
  package fileprivate(set) var shared = Side()
  /// Those of the candidates.
  package fileprivate(set) var own = Side()
  /// The request of each candidate.
  package let runs: [Int32]
  /// The requests' first rows.
  package let heads: RankingBatch
  private var (width, fields, numbers) = (0, 0, 0)

  fileprivate init(runs: [Int32], heads: RankingBatch) {
    self.runs = runs
    self.heads = heads
  }

  fileprivate mutating func append(_ values: Tensor, isShared: Bool) {
    let side = isShared ? \SplitColumns.shared : \SplitColumns.own
    let count = values.count / max(values.shape[0], 1)
    let flat = values.reshaped([values.shape[0], count])
    self[keyPath: side].blocks.append((flat, width..<width + count))
    width += count
    if values.shape.rank == 3 {
      self[keyPath: side].vectors.append((values, fields..<fields + values.shape[1]))
      fields += values.shape[1]
    } else {
      self[keyPath: side].numbers.append((values, numbers..<numbers + count))
      numbers += count
    }
  }

  /// The rows put together again: `[count, width]`.
  package var joined: Tensor {
    let repeated = shared.blocks.map { (values: $0.values.gatherRows(runs), columns: $0.columns) }
    let blocks = (repeated + own.blocks).sorted { $0.columns.lowerBound < $1.columns.lowerBound }
    return concatenate(blocks.map(\.values), axis: 1)
  }

  /// What a layer makes of the columns: `[count, outputs]`. The shared ones are multiplied once a
  /// request.
  package func through(_ layer: Linear) -> Tensor {
    let weight = layer.weight.value
    precondition(width == weight.shape[1], "\(width) columns for \(weight.shape[1]) inputs")
    var sums = Tensor(zeros: [heads.count, weight.shape[0]])
    if let bias = layer.bias { sums = sums + bias.value }
    for block in shared.blocks { sums.addProduct(block.values, weight, columns: block.columns) }
    var all = sums.gatherRows(runs)
    for block in own.blocks { all.addProduct(block.values, weight, columns: block.columns) }
    return all
  }
}

extension DenseInput {
  /// The columns of a batch taken apart into what its requests share and what they do not; nil where
  /// that gains nothing.
  package func split(_ batch: RankingBatch, _ sharing: RequestSharing?) -> SplitColumns? {
    guard let sharing else { return nil }
    let pass = Pass.inference()
    var columns = SplitColumns(
      runs: sharing.rows.runs, heads: batch.batch(sharing.rows.heads[...]))
    let heads = columns.heads
    for (fields, isShared) in sharing.categorical.ranges {
      columns.append(
        embeddings.categorical(fields, isShared ? heads : batch, pass), isShared: isShared)
    }
    for (fields, isShared) in sharing.bags.ranges {
      columns.append(embeddings.lists(fields, isShared ? heads : batch, pass), isShared: isShared)
    }
    if options.numbersHaveVectors {
      for (range, isShared) in sharing.numeric.ranges {
        columns.append(
          embeddings.numbers(range, isShared ? heads : batch, pass), isShared: isShared)
      }
    }
    if readsLastEvent, let history = layout.historyBag {
      let isShared = sharing.bags[history]
      columns.append(
        embeddings.lastEvents(isShared ? heads : batch, pass), isShared: isShared)
    }
    let images = visual.map { imageSides($0, batch, heads, sharing) } ?? []
    for (fields, isShared) in images { columns.append(fields.vectors, isShared: isShared) }
    if !options.numbersHaveVectors {
      for (range, isShared) in sharing.numeric.ranges {
        columns.append((isShared ? heads : batch).numbers(range), isShared: isShared)
      }
    }
    for (fields, isShared) in images { columns.append(fields.flags, isShared: isShared) }
    return columns
  }

  /// The image of the candidate, and that of the history where one is read.
  private func imageSides(
    _ visual: VisualBlock, _ batch: RankingBatch, _ heads: RankingBatch, _ sharing: RequestSharing
  ) -> [(fields: VisualFields, isShared: Bool)] {
    let pass = Pass.inference()
    guard sharing.imageHistory, let history = visual.histories(heads, pass) else {
      return [(visual(batch, pass), false)]
    }
    return [(visual.candidates(batch, pass), false), (history, true)]
  }
}
