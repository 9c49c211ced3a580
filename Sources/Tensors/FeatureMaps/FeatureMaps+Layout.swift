extension FeatureMaps {
  /// Row-major maps `[N, C, H, W]` in blocks, for tests and for what comes from elsewhere.
  package init(_ plain: Tensor) {
    let dimensions = plain.shape.dimensions
    let blocked = Tensor.unsafeUninitialized(Self.shape(dimensions)) { out in
      Self.rearrange(dimensions) { row, block in out[block] = plain.storage.pointer[row] }
    }
    self.init(
      blocked: traced(blocked, plain) { gradient in
        plain.node.accumulate(
          Tensor.unsafeUninitialized(plain.shape) { out in
            Self.rearrange(dimensions) { row, block in out[row] = gradient.storage.pointer[block] }
          })
      })
  }

  /// The maps row-major: `[N, C, H, W]`.
  package var plain: Tensor {
    let dimensions = [batch, channels, height, width]
    let output = Tensor.unsafeUninitialized(Shape(dimensions)) { out in
      Self.rearrange(dimensions) { row, block in out[row] = values.storage.pointer[block] }
    }
    return traced(output, values) { gradient in
      values.node.accumulate(
        Tensor.unsafeUninitialized(values.shape) { out in
          Self.rearrange(dimensions) { row, block in out[block] = gradient.storage.pointer[row] }
        })
    }
  }

  private static func rearrange(_ dimensions: [Int], _ move: (_ row: Int, _ block: Int) -> Void) {
    let area = dimensions[2] * dimensions[3]
    for plane in 0..<dimensions[0] * dimensions[1] {
      for pixel in 0..<area {
        move(
          plane * area + pixel, (plane / lanes * area + pixel) * lanes + plane % lanes)
      }
    }
  }
}
