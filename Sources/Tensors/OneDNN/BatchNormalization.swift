import CDNNL
import CKernels

/// Batch normalisation over activations `[N, C, area]` with the statistics of the batch (Ioffe and
/// Szegedy, 2015), for training. Runs on the calling thread only.
package struct BatchNormalization: Sendable, Hashable {
  package var batch: Int
  package var channels: Int
  /// Height times width.
  package var area: Int
  package var epsilon: Scalar
  package var order: MapOrder
  /// Whether ReLU follows.
  package var rectifies: Bool

  /// What the forward pass with ReLU keeps for the backward pass: where the result was positive.
  package final class Mask: Sendable {
    let buffer: AlignedBuffer
    init(_ buffer: AlignedBuffer) { self.buffer = buffer }
  }

  package init(
    batch: Int, channels: Int, area: Int, epsilon: Scalar = 1e-5, order: MapOrder = .plain,
    rectifies: Bool = false
  ) {
    precondition(
      batch > 0 && channels > 0 && area > 0,
      "batch normalisation over [\(batch), \(channels), \(area)] is empty")
    self.batch = batch
    self.channels = channels
    self.area = area
    self.epsilon = epsilon
    self.order = order
    self.rectifies = rectifies
  }

  /// Normalises every channel, scales and shifts it, and leaves its mean and biased variance.
  ///
  /// - Returns: What `backward` needs; nil without ReLU.
  @discardableResult
  package func forward(
    input: UnsafePointer<Scalar>, scale: UnsafePointer<Scalar>,
    shift: UnsafePointer<Scalar>, output: UnsafeMutablePointer<Scalar>,
    mean: UnsafeMutablePointer<Scalar>, variance: UnsafeMutablePointer<Scalar>
  ) -> Mask? {
    #if DOUBLE_PRECISION
      vitrine_batch_norm_forward_double(
        batch, channels, area, epsilon, input, scale, shift, output, mean, variance)
      return rectifies ? rectify(output) : nil
    #else
      let primitive = forwardPrimitive()
      var call = LayoutCall(primitive)
      call.read(DNNL_ARG_SRC, shape, order.order, input)
      let scaleAndShift = pack(scale, shift)
      call.read(DNNL_ARG_SCALE_SHIFT, [2, channels], scaleAndShift.floats)
      call.write(DNNL_ARG_DST, shape, order.order, output)
      call.write(DNNL_ARG_MEAN, [channels], mean)
      call.write(DNNL_ARG_VARIANCE, [channels], variance)
      var mask: Mask?
      if rectifies {
        let buffer = AlignedBuffer(byteCount: primitive.layout(DNNL_ARG_WORKSPACE).byteCount)
        call.pass(DNNL_ARG_WORKSPACE, buffer)
        mask = Mask(buffer)
      }
      call.run()
      withExtendedLifetime(scaleAndShift) {}
      return mask
    #endif
  }

  /// The gradients of input, scale and shift, through the statistics, which overwrite the results.
  package func backward(
    input: UnsafePointer<Scalar>, scale: UnsafePointer<Scalar>,
    mean: UnsafePointer<Scalar>, variance: UnsafePointer<Scalar>, mask: Mask? = nil,
    outputGradient: UnsafePointer<Scalar>, inputGradient: UnsafeMutablePointer<Scalar>,
    scaleGradient: UnsafeMutablePointer<Scalar>,
    shiftGradient: UnsafeMutablePointer<Scalar>
  ) {
    precondition(rectifies == (mask != nil), "ReLU needs its mask, and nothing else does")
    #if DOUBLE_PRECISION
      let arriving = mask.map { masked(outputGradient, $0) }
      vitrine_batch_norm_backward_double(
        batch, channels, area, epsilon, input, scale, mean, variance,
        arriving.map { UnsafePointer($0.pointer) } ?? outputGradient, inputGradient,
        scaleGradient, shiftGradient)
      withExtendedLifetime(arriving) {}
    #else
      let hint = forwardPrimitive()
      let primitive = PrimitiveCache.shared.primitive("batch normalisation gradient", key, options)
      {
        var operation = dnnl_batch_normalization_desc_t()
        var data = TensorLayout(shape, order.order).descriptor
        var gradient = data
        check(
          dnnl_batch_normalization_backward_desc_init(
            &operation, dnnl_backward, &gradient, &data, epsilon, flags),
          "describing the gradient of a batch normalisation of \(shape)")
        return Primitive.make(&operation, hint: hint)
      }
      var call = LayoutCall(primitive)
      call.read(DNNL_ARG_SRC, shape, order.order, input)
      if let mask { call.pass(DNNL_ARG_WORKSPACE, mask.buffer) }
      let scaleAndShift = pack(scale, scale)
      let gradients = AlignedBuffer(floats: 2 * channels)
      call.read(DNNL_ARG_SCALE_SHIFT, [2, channels], scaleAndShift.floats)
      call.read(DNNL_ARG_MEAN, [channels], mean)
      call.read(DNNL_ARG_VARIANCE, [channels], variance)
      call.read(DNNL_ARG_DIFF_DST, shape, order.order, outputGradient)
      call.write(DNNL_ARG_DIFF_SRC, shape, order.order, inputGradient)
      call.write(DNNL_ARG_DIFF_SCALE_SHIFT, [2, channels], gradients.floats)
      call.run()
      scaleGradient.update(from: gradients.floats, count: channels)
      shiftGradient.update(from: gradients.floats + channels, count: channels)
      withExtendedLifetime((scaleAndShift, gradients)) {}
    #endif
  }

  #if DOUBLE_PRECISION
    private var count: Int { batch * channels * area }

    private func rectify(_ output: UnsafeMutablePointer<Double>) -> Mask {
      let buffer = AlignedBuffer(byteCount: count)
      for index in 0..<count {
        buffer.bytes.storeBytes(of: output[index] > 0 ? 1 : 0, toByteOffset: index, as: UInt8.self)
        output[index] = max(output[index], 0)
      }
      return Mask(buffer)
    }

    private func masked(_ gradient: UnsafePointer<Double>, _ mask: Mask) -> TensorStorage {
      let storage = TensorStorage(uninitialized: count)
      for index in 0..<count {
        let passes = mask.buffer.bytes.load(fromByteOffset: index, as: UInt8.self) == 1
        storage.pointer[index] = passes ? gradient[index] : 0
      }
      return storage
    }
  #endif

  #if !DOUBLE_PRECISION
    private var flags: UInt32 {
      dnnl_use_scaleshift.rawValue | (rectifies ? dnnl_fuse_norm_relu.rawValue : 0)
    }

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

    private var options: [Int] { [Int(epsilon.bitPattern), order.code, rectifies ? 1 : 0] }

    private func forwardPrimitive() -> Primitive {
      PrimitiveCache.shared.primitive("batch normalisation", key, options) {
        var operation = dnnl_batch_normalization_desc_t()
        var data = TensorLayout(shape, order.order).descriptor
        check(
          dnnl_batch_normalization_forward_desc_init(
            &operation, dnnl_forward_training, &data, epsilon, flags),
          "describing a batch normalisation of \(shape)")
        return Primitive.make(&operation)
      }
    }
  #endif
}
