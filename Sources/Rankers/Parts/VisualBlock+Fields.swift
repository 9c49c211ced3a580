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
  /// Projected vectors to choose from, and where the images of a batch stand among them; -1 where
  /// there is none. The stand-ins come last.
  private struct Candidates {
    let vectors: Tensor
    let items: [Int32]
    let history: [Int32]
  }

  /// The visual fields of a batch. The work of projecting grows with the number of *distinct*
  /// images, and there is none when the block is prepared.
  package func callAsFunction(_ batch: RankingBatch, _ pass: Pass) -> VisualFields {
    let images = VisualRows(
      batch, known: source.count, historyKnown: source.historyCount,
      readsHistory: noHistory != nil)
    let candidates = candidates(images.items, images.history.values, pass)
    let vectors = candidates.vectors
    let found = Int32(vectors.shape[0] - flagCount)
    let item = vectors.gatherRows(candidates.items.map { $0 < 0 ? found : $0 })
    let single: Shape = [batch.count, 1, width]
    guard noHistory != nil else {
      return VisualFields(vectors: item.reshaped(single), flags: images.flags)
    }
    let members = vectors.gatherRows(candidates.history.map { $0 < 0 ? found + 1 : $0 })
    let history = meanOfSegments(members, offsets: images.history.offsets)
    return VisualFields(
      vectors: concatenate([item.reshaped(single), history.reshaped(single)], axis: 1),
      flags: images.flags)
  }

  /// The images of candidates, and of events one by one: `[count, width]`, `[events.count, width]`,
  /// and a flag `[count, 1]` for each candidate that has an image.
  ///
  /// - Parameter events: rows of the visual table; -1 for no image.
  package func sequence(
    items batch: RankingBatch, events: [Int32], _ pass: Pass
  ) -> (items: Tensor, events: Tensor, flags: Tensor) {
    let images = VisualRows(batch, known: source.count, readsHistory: false)
    let known = source.historyCount
    let candidates = candidates(
      images.items, events.map { $0 >= 0 && $0 < known ? $0 : -1 }, pass)
    let missing = Int32(candidates.vectors.shape[0] - flagCount)
    func look(_ rows: [Int32]) -> Tensor {
      candidates.vectors.gatherRows(rows.map { $0 < 0 ? missing : $0 })
    }
    return (look(candidates.items), look(candidates.history), images.flags)
  }

  private func candidates(
    _ items: [Int32], _ history: [Int32], _ pass: Pass
  ) -> Candidates {
    switch source {
    case .none: return Candidates(vectors: standIns(pass), items: items, history: history)
    case .projected(let vectors, _):
      return Candidates(vectors: vectors, items: items, history: history)
    case .table(let table):
      let (distinct, positions) = VisualRows.distinct(of: table.count, in: [items, history])
      guard !distinct.isEmpty else {
        return Candidates(vectors: standIns(pass), items: items, history: history)
      }
      let place = { (row: Int32) in row < 0 ? row : positions[Int(row)] }
      return Candidates(
        vectors: concatenate([project(table, rows: distinct, pass), standIns(pass)], axis: 0),
        items: items.map(place), history: history.map(place))
    case .live(let live): return candidates(items, history, live, pass)
    }
  }

  /// The candidates' images come from the encoder, those of histories from a table; what both show is
  /// projected twice, since only one of them learns.
  private func candidates(
    _ items: [Int32], _ history: [Int32], _ live: LiveImages, _ pass: Pass
  ) -> Candidates {
    var parts: [Tensor] = []
    if !live.rows.isEmpty { parts.append(project(live.vectors, pass)) }
    let (distinct, positions) = VisualRows.distinct(of: live.history.count, in: [history])
    if !distinct.isEmpty { parts.append(project(live.history, rows: distinct, pass)) }
    let offset = Int32(live.rows.count)
    return Candidates(
      vectors: concatenate(parts + [standIns(pass)], axis: 0), items: live.positions(of: items),
      history: history.map { $0 < 0 ? $0 : offset + positions[Int($0)] })
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
    return project(raw, pass)
  }

  /// Centres, scales and projects vectors `[count, input.width]`: `[count, width]`.
  package func project(_ raw: Tensor, _ pass: Pass) -> Tensor {
    let centred = (raw - pass.read(center)) * pass.read(scale)
    let projected = projection(centred, pass)
    return norm.map { $0(projected, pass) } ?? projected
  }
}
