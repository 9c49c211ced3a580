import Images

extension FoldedConvolution {
  /// The first convolution over raw pixels 0...255 instead of normalised ones: the normalisation is
  /// linear, so it moves into the weights. Pixels are whole numbers, which both bytes and
  /// `bfloat16` hold exactly.
  func overPixels(_ normalization: Normalization) -> FoldedConvolution {
    let deviations = normalization.standardDeviation
    let area = weights.count / bias.count / deviations.count
    let scaled = weights.enumerated().map { index, weight in
      Float(Double(weight) / (255 * deviations[index / area % deviations.count]))
    }
    return FoldedConvolution(weights: scaled, bias: bias)
  }

  /// The bias of a convolution over raw pixels with the weights that are really multiplied, so that
  /// their rounding acts on the difference from the mean colour only.
  func biasOverPixels(_ rounded: [Float], _ normalization: Normalization) -> [Float] {
    let means = normalization.mean
    let size = rounded.count / bias.count
    let area = size / means.count
    return bias.enumerated().map { channel, bias in
      let start = channel * size
      let atMean = (0..<size).reduce(0.0) {
        $0 + Double(rounded[start + $1]) * 255 * means[$1 / area]
      }
      return Float(Double(bias) - atMean)
    }
  }
}
