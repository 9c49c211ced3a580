package import Tensors

/// Pictures that pass the network together, and what is to be learnt from them.
///
/// The first ones may be there for *verification*: the gates are told a category, and the question is
/// whether the picture belongs to it. The others are to be classified.
package struct ImageShard: Sendable {
  /// [pictures, 3, side, side]
  package let images: Tensor
  /// One for each picture; 0 for those to be classified.
  package let categoryRows: [Int32]
  /// One for each of the first pictures: 1 where the category told is a true one, else 0.
  package let verdicts: [Scalar]
  /// [pictures to be classified, classes], row-major, softened and mixed as was asked.
  package let targets: [Scalar]
  /// Positions of the pictures in their set.
  package let indices: [Int]
}

/// One step of training.
package struct ImageBatch: Sendable {
  package let shards: [ImageShard]
  /// Pictures in all shards.
  package let count: Int

  package init(shards: [ImageShard]) {
    self.shards = shards
    count = shards.reduce(0) { $0 + $1.indices.count }
  }
}
