/// Joins tensors along an existing axis; their other extents must agree.
public func concatenate(_ parts: [Tensor], axis: Int) -> Tensor {
  precondition(!parts.isEmpty, "nothing to concatenate")
  let axis = parts[0].shape.resolved(axis)
  let extent = parts.reduce(0) { $0 + $1.shape[axis] }
  let shape = parts[0].shape.replacing(axis, with: extent)
  for part in parts {
    precondition(
      part.shape.rank == shape.rank && part.shape.replacing(axis, with: extent) == shape,
      "concatenating \(part.shape) to \(parts[0].shape) along axis \(axis)")
  }
  let outer = shape.count(of: 0..<axis)
  let inner = shape.count(of: axis + 1..<shape.rank)
  let output = Tensor.unsafeUninitialized(shape) { out in
    var offset = 0
    for part in parts {
      let block = part.shape[axis] * inner
      for row in 0..<outer {
        (out + row * extent * inner + offset).initialize(
          from: part.storage.pointer + row * block, count: block)
      }
      offset += block
    }
  }
  return traced(output, parents: parts) { gradient in
    var offset = 0
    for part in parts {
      let next = offset + part.shape[axis]
      part.node.accumulate(gradient.slice(axis: axis, offset..<next))
      offset = next
    }
  }
}

/// Joins tensors of equal shape along a new first axis.
public func stack(_ parts: [Tensor]) -> Tensor {
  concatenate(parts.map { $0.reshaped(Shape([1] + $0.shape.dimensions)) }, axis: 0)
}
