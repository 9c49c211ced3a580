package import Tensors

extension Tensor {
  /// Square blocks one below the other, each with orthonormal rows (Saxe et al., 2013, arXiv
  /// 1312.6120): what such a recurrent weight carries over neither grows nor shrinks with time.
  ///
  /// Returns [blocks · width, width]. O(blocks · width³).
  package init(orthogonalBlocks blocks: Int, width: Int, random: inout RandomStream) {
    self.init(shape: [blocks * width, width]) { out in
      for block in 0..<blocks {
        let first = block * width * width
        for row in 0..<width {
          let own = first + row * width
          repeat {
            for column in 0..<width { out[own + column] = random.nextNormal() }
            // Twice: the first removal leaves rounding errors where rows were nearly parallel.
            for _ in 0..<2 {
              for other in 0..<row {
                let known = first + other * width
                var share: Scalar = 0
                for column in 0..<width { share += out[own + column] * out[known + column] }
                for column in 0..<width { out[own + column] -= share * out[known + column] }
              }
            }
          } while !Self.normalize(&out, own..<own + width)
        }
      }
    }
  }

  /// Whether the row was long enough to say a direction.
  private static func normalize(_ values: inout MutableSpan<Scalar>, _ range: Range<Int>) -> Bool {
    var squares: Scalar = 0
    for index in range { squares += values[index] * values[index] }
    guard squares > 1e-6 else { return false }
    let scale = 1 / squares.squareRoot()
    for index in range { values[index] *= scale }
    return true
  }
}
