import CDNNL
import CKernels

/// Convolution over row-major `[N, C, H, W]`, forward and backward, for training.
///
/// Runs on the calling thread only; any number of threads may call at once.
package enum Convolution {
  /// `output = weights * input + bias`, the weights `[out, in, kernel, kernel]`.
  package static func forward(
    _ geometry: ConvolutionGeometry, input: UnsafePointer<Scalar>,
    weights: UnsafePointer<Scalar>, bias: UnsafePointer<Scalar>?,
    output: UnsafeMutablePointer<Scalar>
  ) {
    #if DOUBLE_PRECISION
      var shape = geometry.reference
      vitrine_convolution_forward_double(&shape, input, weights, bias, output)
    #else
      var call = PlainCall(forwardPrimitive(geometry, withBias: bias != nil))
      call.read(DNNL_ARG_SRC, geometry.inputShape, input)
      call.read(DNNL_ARG_WEIGHTS, geometry.weightShape, weights)
      if let bias { call.read(DNNL_ARG_BIAS, [geometry.outputChannels], bias) }
      call.write(DNNL_ARG_DST, geometry.outputShape, output)
      call.run()
    #endif
  }

  /// The gradient of the input, which overwrites `inputGradient`.
  package static func backwardInput(
    _ geometry: ConvolutionGeometry, weights: UnsafePointer<Scalar>,
    outputGradient: UnsafePointer<Scalar>, inputGradient: UnsafeMutablePointer<Scalar>
  ) {
    #if DOUBLE_PRECISION
      var shape = geometry.reference
      vitrine_convolution_backward_double(
        &shape, nil, weights, outputGradient, inputGradient, nil, nil)
    #else
      let hint = forwardPrimitive(geometry, withBias: false)
      let primitive = PrimitiveCache.shared.primitive("convolution gradient by input", geometry) {
        var operation = dnnl_convolution_desc_t()
        var (source, weights, target) = geometry.descriptors()
        check(
          dnnl_convolution_backward_data_desc_init(
            &operation, dnnl_convolution_direct, &source, &weights, &target,
            geometry.pair(geometry.stride), geometry.pair(geometry.padding), nil),
          "describing the gradient of \(geometry)")
        return Primitive.make(&operation, hint: hint)
      }
      var call = PlainCall(primitive)
      call.read(DNNL_ARG_WEIGHTS, geometry.weightShape, weights)
      call.read(DNNL_ARG_DIFF_DST, geometry.outputShape, outputGradient)
      call.write(DNNL_ARG_DIFF_SRC, geometry.inputShape, inputGradient)
      call.run()
    #endif
  }

  /// The gradients of the weights and, if asked for, of the bias, which overwrite the results.
  package static func backwardWeights(
    _ geometry: ConvolutionGeometry, input: UnsafePointer<Scalar>,
    outputGradient: UnsafePointer<Scalar>, weightGradient: UnsafeMutablePointer<Scalar>,
    biasGradient: UnsafeMutablePointer<Scalar>?
  ) {
    #if DOUBLE_PRECISION
      var shape = geometry.reference
      vitrine_convolution_backward_double(
        &shape, input, nil, outputGradient, nil, weightGradient, biasGradient)
    #else
      let hint = forwardPrimitive(geometry, withBias: false)
      let primitive = PrimitiveCache.shared.primitive(
        "convolution gradient by weights", geometry, [biasGradient == nil ? 0 : 1]
      ) {
        var operation = dnnl_convolution_desc_t()
        var (source, weights, target) = geometry.descriptors()
        var bias =
          biasGradient == nil
          ? dnnl_memory_desc_t() : TensorLayout([geometry.outputChannels]).descriptor
        check(
          dnnl_convolution_backward_weights_desc_init(
            &operation, dnnl_convolution_direct, &source, &weights, &bias, &target,
            geometry.pair(geometry.stride), geometry.pair(geometry.padding), nil),
          "describing the gradient of \(geometry)")
        return Primitive.make(&operation, hint: hint)
      }
      var call = PlainCall(primitive)
      call.read(DNNL_ARG_SRC, geometry.inputShape, input)
      call.read(DNNL_ARG_DIFF_DST, geometry.outputShape, outputGradient)
      call.write(DNNL_ARG_DIFF_WEIGHTS, geometry.weightShape, weightGradient)
      if let biasGradient {
        call.write(DNNL_ARG_DIFF_BIAS, [geometry.outputChannels], biasGradient)
      }
      call.run()
    #endif
  }

  #if !DOUBLE_PRECISION
    private static func forwardPrimitive(
      _ geometry: ConvolutionGeometry, withBias: Bool
    ) -> Primitive {
      PrimitiveCache.shared.primitive("convolution", geometry, [withBias ? 1 : 0]) {
        var operation = dnnl_convolution_desc_t()
        var (source, weights, target) = geometry.descriptors()
        var bias =
          withBias ? TensorLayout([geometry.outputChannels]).descriptor : dnnl_memory_desc_t()
        check(
          dnnl_convolution_forward_desc_init(
            &operation, dnnl_forward_training, dnnl_convolution_direct, &source, &weights, &bias,
            &target, geometry.pair(geometry.stride), geometry.pair(geometry.padding), nil),
          "describing the convolution \(geometry)")
        return Primitive.make(&operation)
      }
    }
  #endif
}

extension ConvolutionGeometry {
  /// Input, weights and output, each in the layout that suits the primitive.
  fileprivate func descriptors() -> (dnnl_memory_desc_t, dnnl_memory_desc_t, dnnl_memory_desc_t) {
    (
      TensorLayout(inputShape, .any).descriptor, TensorLayout(weightShape, .any).descriptor,
      TensorLayout(outputShape, .any).descriptor
    )
  }

  /// The shape as the plain C loops take it.
  var reference: vitrine_convolution {
    vitrine_convolution(
      batch: batch, input_channels: inputChannels, height: height, width: width,
      output_channels: outputChannels, kernel: kernel, stride: stride, padding: padding)
  }
}
