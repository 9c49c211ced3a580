/// A convolution with the batch normalisation behind it folded in, in double precision.
struct FoldedConvolution {
  let weights: [Float]
  let bias: [Float]

  init(weights: [Float], bias: [Float]) {
    self.weights = weights
    self.bias = bias
  }

  init(_ step: ResidualBlock.Step, _ source: EncoderWeights) {
    let kernel = source.floats("\(step.convolution).weight")
    let factor = NormalizationFactor(step.normalization, source)
    let size = kernel.count / step.outputChannels
    var weights = [Float](repeating: 0, count: kernel.count)
    for channel in 0..<step.outputChannels {
      let scale = factor.scale[channel]
      for index in channel * size..<(channel + 1) * size {
        weights[index] = Float(Double(kernel[index]) * scale)
      }
    }
    self.weights = weights
    bias = factor.shift.map { Float($0) }
  }
}

/// Batch normalisation at inference: `scale * x + shift` per channel.
struct NormalizationFactor {
  let scale: [Double]
  let shift: [Double]

  init(_ name: String, _ source: EncoderWeights) {
    let gain = source.floats("\(name).weight")
    let bias = source.floats("\(name).bias")
    let mean = source.floats("\(name).running_mean")
    let variance = source.floats("\(name).running_var")
    let scale = zip(gain, variance).map { Double($0) / (Double($1) + 1e-5).squareRoot() }
    self.scale = scale
    shift = bias.indices.map { Double(bias[$0]) - Double(mean[$0]) * scale[$0] }
  }
}
