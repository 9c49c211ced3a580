import NeuralNetworks
package import RankingData
package import Tensors

/// What a visual block makes of a batch.
package struct VisualFields {
  /// `[count, 1 or 2, width]`: the candidate's image, then the mean over the history if it is read.
  package let vectors: Tensor
  /// `[count, 1 or 2]`: whether there is an image, and whether there is a history with images.
  package let flags: Tensor
}

extension VisualBlock {
  /// The visual fields of a batch. The work of projecting grows with the number of *distinct*
  /// images, and there is none when the block is prepared.
  package func callAsFunction(_ batch: RankingBatch, _ pass: Pass) -> VisualFields {
    let images = VisualRows(batch, known: source.count, readsHistory: noHistory != nil)
    let (vectors, positions) = candidates(for: images, pass)
    let found = vectors.shape[0] - flagCount
    let item = vectors.gatherRows(
      images.items.map { $0 < 0 ? Int32(found) : positions?[Int($0)] ?? $0 })
    let single: Shape = [batch.count, 1, width]
    guard noHistory != nil else {
      return VisualFields(vectors: item.reshaped(single), flags: images.flags)
    }
    let members = images.history.values.map {
      $0 < 0 ? Int32(found + 1) : positions?[Int($0)] ?? $0
    }
    let history = meanOfSegments(vectors.gatherRows(members), offsets: images.history.offsets)
    return VisualFields(
      vectors: concatenate([item.reshaped(single), history.reshaped(single)], axis: 1),
      flags: images.flags)
  }

  /// Projected vectors to choose from, and where each row of the table stands among them (nil if
  /// in its own place). The stand-ins come last.
  private func candidates(
    for images: VisualRows, _ pass: Pass
  ) -> (vectors: Tensor, positions: [Int32]?) {
    switch source {
    case .none: return (standIns(pass), nil)
    case .projected(let vectors, _): return (vectors, nil)
    case .table(let table):
      let (distinct, positions) = images.distinct(of: table.count)
      guard !distinct.isEmpty else { return (standIns(pass), nil) }
      let projected = project(table, rows: distinct, pass)
      return (concatenate([projected, standIns(pass)], axis: 0), positions)
    }
  }

  /// The learned vectors for a missing image and for no history: `[1 or 2, width]`.
  package func standIns(_ pass: Pass) -> Tensor {
    stack([missing, noHistory].compactMap { $0 }.map(pass.read))
  }

  /// Centres, scales and projects some rows of a table: `[rows.count, width]`.
  package func project(_ table: VisualTable, rows: [Int32], _ pass: Pass) -> Tensor {
    let raw = Tensor(shape: [rows.count, table.width]) { out in
      var position = 0
      for row in rows {
        for number in table.vector(row) {
          out[position] = Scalar(number)
          position += 1
        }
      }
    }
    let centred = (raw - pass.read(center)) * pass.read(scale)
    let projected = projection(centred, pass)
    return norm.map { $0(projected, pass) } ?? projected
  }
}
