/// What a pass saw of something that a buffer follows as a running mean.
struct Observation {
  let buffer: Parameter
  let value: Tensor
  let momentum: Scalar
}

/// What one pass saw, on its way to another.
package struct Observations: Sendable {
  var seen: [Observation]
}

extension Pass {
  /// Notes what this pass saw of a running statistic, such as the mean of its batch. Nothing changes
  /// before `applyObservations`; in inference nothing is noted.
  ///
  /// A layer must not change its buffers while a model runs: several passes may run it at once, and
  /// the order in which they would come is not reproducible.
  /// - Parameters:
  ///   - value: Of the buffer's shape.
  ///   - momentum: The share of `value` in the new mean, in 0 ... 1.
  public func observe(_ buffer: Parameter, _ value: Tensor, momentum: Scalar) {
    precondition(
      value.shape == buffer.value.shape,
      "observed \(value.shape) of a buffer of shape \(buffer.value.shape)")
    guard isTraining else { return }
    observations.append(Observation(buffer: buffer, value: value.detached, momentum: momentum))
  }

  /// Moves every observed buffer: `buffer += momentum · (value - buffer)`, in the order observed,
  /// and forgets the observations.
  ///
  /// The training loop calls this once for each step, after the optimizer, when no pass runs the
  /// model. Whoever cuts a batch into several passes calls it on each of them, in a fixed order.
  public func applyObservations() {
    for seen in observations {
      seen.buffer.update { current in
        current = current * (1 - seen.momentum) + seen.value * seen.momentum
      }
    }
    observations.removeAll()
  }

  /// Whether all that was observed are numbers. Statistics of activations that overflow may be
  /// infinite although the loss is not: what is normalised by them is zero.
  package var observationsAreFinite: Bool { observations.allSatisfy(\.value.isFinite) }

  /// Hands over what this pass observed, and forgets it.
  package func takeObservations() -> Observations {
    defer { observations.removeAll() }
    return Observations(seen: observations)
  }

  /// Takes over what another pass observed, after what is already here.
  package func append(_ more: Observations) { observations += more.seen }
}
