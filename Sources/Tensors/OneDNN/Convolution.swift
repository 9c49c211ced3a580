import CDNNL
import CKernels

/// A convolution for training over activations `[N, C, H, W]`, forward and backward.
///
/// Operands that a primitive wants in another layout, or as other numbers, are rewritten once and kept
/// with their storage: backward passes read what the forward pass has rewritten.
///
/// Runs on the calling thread only; any number of threads may call at once.
package struct Convolution: Sendable, Hashable {
  package var geometry: ConvolutionGeometry
  /// How the input lies.
  package var input: MapOrder
  /// How the output lies.
  package var output: MapOrder
  /// What numbers are multiplied; sums are floats.
  package var products: Products

  /// What a convolution multiplies.
  package enum Products: Sendable, Hashable {
    case float32
    /// Operands rounded to `bfloat16` on the way in, where the processor multiplies such numbers.
    case bfloat16
  }

  package init(
    _ geometry: ConvolutionGeometry, input: MapOrder = .plain, output: MapOrder = .plain,
    products: Products = .float32
  ) {
    self.geometry = geometry
    self.input = input
    self.output = output
    #if DOUBLE_PRECISION
      self.products = .float32
    #else
      self.products = Processor.hasBrainFloats ? products : .float32
    #endif
  }

  /// `output = weights * input + bias`, the weights `[out, in, kernel, kernel]`.
  package func forward(
    input: TensorStorage, weights: TensorStorage, bias: UnsafePointer<Scalar>?,
    output: UnsafeMutablePointer<Scalar>
  ) {
    #if DOUBLE_PRECISION
      var shape = geometry.reference
      vitrine_convolution_forward_double(
        &shape, input.pointer, weights.pointer, bias, output)
    #else
      var call = LayoutCall(forwardPrimitive(withBias: bias != nil))
      call.read(DNNL_ARG_SRC, geometry.inputShape, self.input.order, shared: input)
      call.read(DNNL_ARG_WEIGHTS, geometry.weightShape, .plain, shared: weights)
      if let bias { call.read(DNNL_ARG_BIAS, [geometry.outputChannels], bias) }
      call.write(DNNL_ARG_DST, geometry.outputShape, self.output.order, output)
      call.run()
    #endif
  }

  /// The gradient of the input, which overwrites `inputGradient`.
  package func backwardInput(
    weights: TensorStorage, outputGradient: TensorStorage,
    inputGradient: UnsafeMutablePointer<Scalar>
  ) {
    #if DOUBLE_PRECISION
      var shape = geometry.reference
      vitrine_convolution_backward_double(
        &shape, nil, weights.pointer, outputGradient.pointer, inputGradient, nil, nil)
    #else
      var call = LayoutCall(inputGradientPrimitive())
      call.read(DNNL_ARG_WEIGHTS, geometry.weightShape, .plain, shared: weights)
      call.read(DNNL_ARG_DIFF_DST, geometry.outputShape, output.order, shared: outputGradient)
      call.write(DNNL_ARG_DIFF_SRC, geometry.inputShape, input.order, inputGradient)
      call.run()
    #endif
  }

  /// The gradients of the weights and, if asked for, of the bias, which overwrite the results.
  package func backwardWeights(
    input: TensorStorage, outputGradient: TensorStorage,
    weightGradient: UnsafeMutablePointer<Scalar>, biasGradient: UnsafeMutablePointer<Scalar>?
  ) {
    #if DOUBLE_PRECISION
      var shape = geometry.reference
      vitrine_convolution_backward_double(
        &shape, input.pointer, nil, outputGradient.pointer, nil, weightGradient, biasGradient)
    #else
      var call = LayoutCall(weightGradientPrimitive(withBias: biasGradient != nil))
      call.read(DNNL_ARG_SRC, geometry.inputShape, self.input.order, shared: input)
      call.read(DNNL_ARG_DIFF_DST, geometry.outputShape, output.order, shared: outputGradient)
      call.write(DNNL_ARG_DIFF_WEIGHTS, geometry.weightShape, weightGradient)
      if let biasGradient {
        call.write(DNNL_ARG_DIFF_BIAS, [geometry.outputChannels], biasGradient)
      }
      call.run()
    #endif
  }
}

extension ConvolutionGeometry {
  /// The shape as the plain C loops take it.
  var reference: vitrine_convolution {
    vitrine_convolution(
      batch: batch, input_channels: inputChannels, height: height, width: width,
      output_channels: outputChannels, kernel: kernel, stride: stride, padding: padding)
  }
}
