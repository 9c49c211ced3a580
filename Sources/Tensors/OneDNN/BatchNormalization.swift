import CDNNL
import CKernels

/// Batch normalisation over row-major `[N, C, area]` with the statistics of the batch (Ioffe and
/// Szegedy, 2015), for training. Runs on the calling thread only.
package struct BatchNormalization: Sendable, Hashable {
  package var batch: Int
  package var channels: Int
  /// Height times width.
  package var area: Int
  package var epsilon: Scalar

  package init(batch: Int, channels: Int, area: Int, epsilon: Scalar = 1e-5) {
    precondition(
      batch > 0 && channels > 0 && area > 0,
      "batch normalisation over [\(batch), \(channels), \(area)] is empty")
    self.batch = batch
    self.channels = channels
    self.area = area
    self.epsilon = epsilon
  }

  /// Normalises every channel, scales and shifts it, and returns its mean and biased variance.
  package func forward(
    input: UnsafePointer<Scalar>, scale: UnsafePointer<Scalar>,
    shift: UnsafePointer<Scalar>, output: UnsafeMutablePointer<Scalar>,
    mean: UnsafeMutablePointer<Scalar>, variance: UnsafeMutablePointer<Scalar>
  ) {
    #if DOUBLE_PRECISION
      vitrine_batch_norm_forward_double(
        batch, channels, area, epsilon, input, scale, shift, output, mean, variance)
    #else
      var call = PlainCall(forwardPrimitive())
      call.read(DNNL_ARG_SRC, shape, input)
      let scaleAndShift = pack(scale, shift)
      call.read(DNNL_ARG_SCALE_SHIFT, [2, channels], scaleAndShift.floats)
      call.write(DNNL_ARG_DST, shape, output)
      call.write(DNNL_ARG_MEAN, [channels], mean)
      call.write(DNNL_ARG_VARIANCE, [channels], variance)
      call.run()
      withExtendedLifetime(scaleAndShift) {}
    #endif
  }

  /// The gradients of input, scale and shift, through the statistics, which overwrite the results.
  package func backward(
    input: UnsafePointer<Scalar>, scale: UnsafePointer<Scalar>,
    mean: UnsafePointer<Scalar>, variance: UnsafePointer<Scalar>,
    outputGradient: UnsafePointer<Scalar>, inputGradient: UnsafeMutablePointer<Scalar>,
    scaleGradient: UnsafeMutablePointer<Scalar>,
    shiftGradient: UnsafeMutablePointer<Scalar>
  ) {
    #if DOUBLE_PRECISION
      vitrine_batch_norm_backward_double(
        batch, channels, area, epsilon, input, scale, mean, variance, outputGradient,
        inputGradient, scaleGradient, shiftGradient)
    #else
      let hint = forwardPrimitive()
      let primitive = PrimitiveCache.shared.primitive("batch normalisation gradient", key, options)
      {
        var operation = dnnl_batch_normalization_desc_t()
        var data = TensorLayout(shape).descriptor
        var gradient = data
        check(
          dnnl_batch_normalization_backward_desc_init(
            &operation, dnnl_backward, &gradient, &data, epsilon, Self.flags),
          "describing the gradient of a batch normalisation of \(shape)")
        return Primitive.make(&operation, hint: hint)
      }
      var call = PlainCall(primitive)
      call.read(DNNL_ARG_SRC, shape, input)
      let scaleAndShift = pack(scale, scale)
      let gradients = AlignedBuffer(floats: 2 * channels)
      call.read(DNNL_ARG_SCALE_SHIFT, [2, channels], scaleAndShift.floats)
      call.read(DNNL_ARG_MEAN, [channels], mean)
      call.read(DNNL_ARG_VARIANCE, [channels], variance)
      call.read(DNNL_ARG_DIFF_DST, shape, outputGradient)
      call.write(DNNL_ARG_DIFF_SRC, shape, inputGradient)
      call.write(DNNL_ARG_DIFF_SCALE_SHIFT, [2, channels], gradients.floats)
      call.run()
      scaleGradient.update(from: gradients.floats, count: channels)
      shiftGradient.update(from: gradients.floats + channels, count: channels)
      withExtendedLifetime((scaleAndShift, gradients)) {}
    #endif
  }

  #if !DOUBLE_PRECISION
    private static let flags = dnnl_use_scaleshift.rawValue

    private var shape: [Int] { [batch, channels, area, 1] }

    private var key: ConvolutionGeometry {
      ConvolutionGeometry(
        batch: batch, inputChannels: channels, height: area, width: 1, outputChannels: channels,
        kernel: 1)
    }

    /// oneDNN 2.6 takes scale and shift apart only on the way forward.
    private func pack(
      _ scale: UnsafePointer<Float>, _ shift: UnsafePointer<Float>
    ) -> AlignedBuffer {
      let packed = AlignedBuffer(floats: 2 * channels)
      packed.floats.update(from: scale, count: channels)
      (packed.floats + channels).update(from: shift, count: channels)
      return packed
    }

    private var options: [Int] { [Int(epsilon.bitPattern)] }

    private func forwardPrimitive() -> Primitive {
      PrimitiveCache.shared.primitive("batch normalisation", key, options) {
        var operation = dnnl_batch_normalization_desc_t()
        var data = TensorLayout(shape).descriptor
        check(
          dnnl_batch_normalization_forward_desc_init(
            &operation, dnnl_forward_training, &data, epsilon, Self.flags),
          "describing a batch normalisation of \(shape)")
        return Primitive.make(&operation)
      }
    }
  #endif
}
