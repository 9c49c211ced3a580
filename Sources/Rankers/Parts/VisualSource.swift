package import RankingData
package import Tensors

/// Where a visual block finds the vectors of a batch's images.
package enum VisualSource: Sendable {
  /// Nowhere: every image is missing.
  case none
  /// In the table as the encoder wrote it; each use projects what it needs.
  case table(VisualTable)
  /// Already projected: `[count + 1 or 2, width]`, the rows of the table followed by the learned
  /// vectors for a missing image and for no history.
  case projected(Tensor, count: Int)
  /// Vectors that an encoder has just computed for one batch, and through which it learns.
  case live(LiveImages)

  /// Candidates' images that can be found: rows below this one.
  package var count: Int {
    switch self {
    case .none: 0
    case .table(let table): table.count
    case .projected(_, let count): count
    case .live(let images): images.bound
    }
  }

  /// The same for images of histories.
  package var historyCount: Int {
    if case .live(let images) = self { images.history.count } else { count }
  }
}
