package import RankingData
package import Tensors

/// The images of one batch as an encoder in training sees them.
///
/// The encoder runs once for each distinct image; however many rows show it, their gradients are
/// summed into its one vector ("image reuse"; Liu et al., KDD 2020).
package struct LiveImages: Sendable {
  /// `[rows.count, width]`, as the encoder leaves them: not yet centred.
  package let vectors: Tensor
  /// The row of the visual table that each vector stands for; distinct.
  package let rows: [Int32]
  /// Vectors for the images of histories, through which nothing learns: there are too many of them
  /// to compute anew for every batch.
  package let history: VisualTable
  private let places: [Int32: Int32]

  /// - Parameters:
  ///   - vectors: `[rows.count, width]`, traced where the encoder is to learn.
  ///   - rows: every row that the batch's candidates show; distinct and not negative.
  ///   - history: the encoder's vectors at an earlier moment.
  package init(_ vectors: Tensor, rows: [Int32], history: VisualTable = .empty) {
    precondition(
      vectors.shape.rank == 2 && vectors.shape[0] == rows.count,
      "vectors \(vectors.shape) for \(rows.count) images")
    self.vectors = vectors
    self.rows = rows
    self.history = history
    places = Dictionary(
      zip(rows, 0..<Int32(rows.count)),
      uniquingKeysWith: { first, second in
        preconditionFailure("one image has two vectors, \(first) and \(second)")
      })
  }

  /// A row beyond all rows.
  var bound: Int { Int(rows.max() ?? -1) + 1 }

  /// Where images stand among the vectors; -1 where there is none.
  func positions(of images: [Int32]) -> [Int32] {
    images.map { row in
      if row < 0 { return -1 }
      guard let place = places[row] else {
        preconditionFailure("image \(row) of a batch is not among those computed for it")
      }
      return place
    }
  }
}

extension NeuralRanker {
  /// The loss of a batch whose images an encoder has just computed; gradients go on into `images`.
  /// Centring and scaling stay as they were set at the start of training.
  package func loss(_ batch: RankingBatch, images: LiveImages, _ pass: Pass) -> Tensor {
    with(images).loss(batch, pass)
  }

  /// A copy that reads these images; the parameters are shared.
  package func with(_ images: LiveImages) -> Self {
    var copy = self
    if let visual = copy.visual {
      precondition(
        images.rows.isEmpty || images.vectors.shape[1] == visual.input.width,
        "vectors \(images.vectors.shape) for a ranker of width \(visual.input.width)")
      copy.visual?.source = .live(images)
    }
    return copy
  }
}
