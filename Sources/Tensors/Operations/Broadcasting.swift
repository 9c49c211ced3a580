import CKernels

/// How two shapes combine: equal extents, or 1 against anything, aligned at the last dimension.
struct Broadcast {
  let shape: Shape
  private let leftSteps: [Int]
  private let rightSteps: [Int]
  private let extents: [Int]

  init(_ left: Shape, _ right: Shape) {
    let rank = max(left.rank, right.rank)
    var shape = [Int](repeating: 1, count: rank)
    for axis in 0..<rank {
      let a = Self.extent(left, axis, rank)
      let b = Self.extent(right, axis, rank)
      precondition(
        a == b || a == 1 || b == 1, "shapes \(left) and \(right) do not combine in axis \(axis)")
      shape[axis] = a == 1 ? b : a
    }
    self.shape = Shape(shape)
    let leftSteps = Self.steps(left, rank)
    let rightSteps = Self.steps(right, rank)
    // Dimensions that both sides walk contiguously (or both repeat) merge into one long loop.
    var merged: [(extent: Int, left: Int, right: Int)] = []
    for axis in 0..<rank where shape[axis] != 1 {
      let next = (extent: shape[axis], left: leftSteps[axis], right: rightSteps[axis])
      if let outer = merged.last, outer.left == next.left * next.extent,
        outer.right == next.right * next.extent
      {
        merged[merged.count - 1] = (outer.extent * next.extent, next.left, next.right)
      } else {
        merged.append(next)
      }
    }
    extents = merged.map(\.extent)
    self.leftSteps = merged.map(\.left)
    self.rightSteps = merged.map(\.right)
  }

  private static func extent(_ shape: Shape, _ axis: Int, _ rank: Int) -> Int {
    let own = axis - (rank - shape.rank)
    return own < 0 ? 1 : shape[own]
  }

  /// Elements to advance for one step along each axis; 0 where the operand repeats.
  private static func steps(_ shape: Shape, _ rank: Int) -> [Int] {
    var steps = [Int](repeating: 0, count: rank)
    var stride = 1
    for axis in (0..<rank).reversed() {
      let extent = extent(shape, axis, rank)
      steps[axis] = extent == 1 ? 0 : stride
      stride *= extent
    }
    return steps
  }

  func apply(_ operation: vitrine_binary, _ left: Tensor, _ right: Tensor) -> Tensor {
    Tensor.unsafeUninitialized(shape) { out in
      let a = UnsafePointer(left.storage.pointer)
      let b = UnsafePointer(right.storage.pointer)
      guard shape.count > 0 else { return }
      guard let inner = extents.last, let leftStep = leftSteps.last, let rightStep = rightSteps.last
      else { return vitrine_apply_binary(operation, a, 1, b, 1, out, 1) }
      var position = [Int](repeating: 0, count: extents.count - 1)
      var (atA, atB, atOut) = (0, 0, 0)
      while true {
        vitrine_apply_binary(operation, a + atA, leftStep, b + atB, rightStep, out + atOut, inner)
        atOut += inner
        var axis = position.count - 1
        while axis >= 0 {
          position[axis] += 1
          atA += leftSteps[axis]
          atB += rightSteps[axis]
          if position[axis] < extents[axis] { break }
          atA -= leftSteps[axis] * extents[axis]
          atB -= rightSteps[axis] * extents[axis]
          position[axis] = 0
          axis -= 1
        }
        if axis < 0 { return }
      }
    }
  }
}

extension Tensor {
  /// Sums a gradient back to the shape it was broadcast from.
  func reduced(to target: Shape) -> Tensor {
    if shape == target { return self }
    var result = detached
    while result.shape.rank > target.rank { result = result.sum(axis: 0) }
    for axis in 0..<target.rank where target[axis] == 1 && result.shape[axis] != 1 {
      result = result.sum(axis: axis).viewed(as: result.shape.replacing(axis, with: 1))
    }
    return result.viewed(as: target)
  }
}
