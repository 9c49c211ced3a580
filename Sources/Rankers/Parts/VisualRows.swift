package import RankingData
package import Tensors

/// The images of a batch: rows of the visual table, -1 where there is none.
package struct VisualRows {
  /// One for each row of the batch.
  package let items: [Int32]
  /// One list for each row of the batch, never empty: a history without images is `[-1]`.
  package let history: Bag
  /// `[count, 1 or 2]`: whether there is an image, and whether there is a history with images.
  package let flags: Tensor

  /// - Parameters:
  ///   - known: rows of the table; an image beyond them is missing.
  ///   - historyKnown: the same for histories, where they read another table.
  package init(
    _ batch: RankingBatch, known: Int, historyKnown: Int? = nil, readsHistory: Bool
  ) {
    let historyKnown = historyKnown ?? known
    let items =
      batch.visualRows.isEmpty
      ? [Int32](repeating: -1, count: batch.count) : batch.visualRows.map { $0 < known ? $0 : -1 }
    var history = Bag()
    if readsHistory {
      for row in 0..<batch.count {
        let images =
          row < batch.visualHistory.count
          ? batch.visualHistory[row].filter { $0 >= 0 && $0 < historyKnown } : []
        history.append(images.isEmpty ? [-1] : images)
      }
    }
    let width = readsHistory ? 2 : 1
    flags = Tensor(shape: [batch.count, width]) { out in
      for row in 0..<batch.count {
        out[row * width] = items[row] < 0 ? 0 : 1
        if readsHistory {
          out[row * width + 1] = history.values[Int(history.offsets[row])] < 0 ? 0 : 1
        }
      }
    }
    self.items = items
    self.history = history
  }

  /// The distinct images in order of first appearance, and the place of each table row among them
  /// (-1 for the rest). O(tableCount + images).
  package func distinct(of tableCount: Int) -> (rows: [Int32], positions: [Int32]) {
    Self.distinct(of: tableCount, in: [items, history.values])
  }

  /// The same for the images of some lists.
  package static func distinct(
    of tableCount: Int, in lists: [[Int32]]
  ) -> (rows: [Int32], positions: [Int32]) {
    var positions = [Int32](repeating: -1, count: tableCount)
    var rows: [Int32] = []
    for list in lists {
      for row in list where row >= 0 && positions[Int(row)] < 0 {
        positions[Int(row)] = Int32(rows.count)
        rows.append(row)
      }
    }
    return (rows, positions)
  }
}
