import CDNNL
import CKernels

/// Pooling over square windows of activations `[N, C, H, W]`; the geometry has as many output as input
/// channels. Runs on the calling thread only.
package enum Pooling {
  package enum Kind: Int, Sendable {
    /// The largest value under the window.
    case maximum
    /// The mean of the values under the window, padding not counted.
    case average
  }

  /// What the forward pass keeps for the backward pass of a maximum: where it was found.
  package final class Positions: Sendable {
    let buffer: AlignedBuffer
    init(_ buffer: AlignedBuffer) { self.buffer = buffer }
  }

  /// - Returns: What `backward` needs; nil for an average.
  package static func forward(
    _ kind: Kind, _ geometry: ConvolutionGeometry, order: MapOrder = .plain,
    input: UnsafePointer<Scalar>, output: UnsafeMutablePointer<Scalar>
  ) -> Positions? {
    require(geometry)
    #if DOUBLE_PRECISION
      var shape = geometry.reference
      guard kind == .maximum else {
        vitrine_average_pool_forward_double(&shape, input, output)
        return nil
      }
      let cells = geometry.outputShape.reduce(1, *)
      let positions = AlignedBuffer(byteCount: cells * MemoryLayout<Int32>.stride)
      vitrine_max_pool_forward_double(
        &shape, input, output, positions.bytes.assumingMemoryBound(to: Int32.self))
      return Positions(positions)
    #else
      let primitive = forwardPrimitive(kind, geometry, order)
      var call = LayoutCall(primitive)
      call.read(DNNL_ARG_SRC, geometry.inputShape, order.order, input)
      call.write(DNNL_ARG_DST, geometry.outputShape, order.order, output)
      var positions: AlignedBuffer?
      if kind == .maximum {
        let workspace = AlignedBuffer(byteCount: primitive.layout(DNNL_ARG_WORKSPACE).byteCount)
        call.pass(DNNL_ARG_WORKSPACE, workspace)
        positions = workspace
      }
      call.run()
      return positions.map(Positions.init)
    #endif
  }

  /// The gradient of the input, which overwrites `inputGradient`.
  package static func backward(
    _ kind: Kind, _ geometry: ConvolutionGeometry, order: MapOrder = .plain,
    positions: Positions?, outputGradient: UnsafePointer<Scalar>,
    inputGradient: UnsafeMutablePointer<Scalar>
  ) {
    require(geometry)
    precondition(
      (kind == .maximum) == (positions != nil), "a maximum needs its positions, an average none")
    #if DOUBLE_PRECISION
      var shape = geometry.reference
      if let positions {
        vitrine_max_pool_backward_double(
          &shape, outputGradient, positions.buffer.bytes.assumingMemoryBound(to: Int32.self),
          inputGradient)
      } else {
        vitrine_average_pool_backward_double(&shape, outputGradient, inputGradient)
      }
    #else
      let hint = forwardPrimitive(kind, geometry, order)
      let primitive = PrimitiveCache.shared.primitive(
        "pooling gradient", geometry, [kind.rawValue, order.code]
      ) {
        var operation = dnnl_pooling_desc_t()
        var source = TensorLayout(geometry.inputShape, order.order).descriptor
        var target = TensorLayout(geometry.outputShape, order.order).descriptor
        check(
          dnnl_pooling_backward_desc_init(
            &operation, kind.algorithm, &source, &target, geometry.pair(geometry.stride),
            geometry.pair(geometry.kernel), geometry.pair(geometry.padding), nil),
          "describing the gradient of a pooling \(geometry)")
        return Primitive.make(&operation, hint: hint)
      }
      var call = LayoutCall(primitive)
      call.read(DNNL_ARG_DIFF_DST, geometry.outputShape, order.order, outputGradient)
      call.write(DNNL_ARG_DIFF_SRC, geometry.inputShape, order.order, inputGradient)
      if let positions { call.pass(DNNL_ARG_WORKSPACE, positions.buffer) }
      call.run()
    #endif
  }

  private static func require(_ geometry: ConvolutionGeometry) {
    precondition(
      geometry.inputChannels == geometry.outputChannels,
      "pooling keeps the channels: \(geometry.inputChannels) in, \(geometry.outputChannels) out")
  }

  #if !DOUBLE_PRECISION
    private static func forwardPrimitive(
      _ kind: Kind, _ geometry: ConvolutionGeometry, _ order: MapOrder
    ) -> Primitive {
      PrimitiveCache.shared.primitive("pooling", geometry, [kind.rawValue, order.code]) {
        var operation = dnnl_pooling_desc_t()
        var source = TensorLayout(geometry.inputShape, order.order).descriptor
        var target = TensorLayout(geometry.outputShape, order.order).descriptor
        check(
          dnnl_pooling_forward_desc_init(
            &operation, dnnl_forward_training, kind.algorithm, &source, &target,
            geometry.pair(geometry.stride), geometry.pair(geometry.kernel),
            geometry.pair(geometry.padding), nil),
          "describing the pooling \(geometry)")
        return Primitive.make(&operation)
      }
    }
  #endif
}

extension Pooling.Kind {
  var algorithm: dnnl_alg_kind_t {
    self == .maximum ? dnnl_pooling_max : dnnl_pooling_avg_exclude_padding
  }
}
