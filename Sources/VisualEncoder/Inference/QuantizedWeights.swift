/// The weights of a convolution in whole numbers, symmetric about zero, one scale for each output
/// channel.
struct QuantizedWeights {
  let values: [Int8]
  /// What one unit is worth, for each output channel.
  let scales: [Float]

  /// - Parameters:
  ///   - weights: `[channels, …]`, row-major.
  ///   - bits: Including the sign.
  init(_ weights: [Float], channels: Int, bits: Int) {
    let limit = Float((1 << (bits - 1)) - 1)
    let size = weights.count / channels
    var values = [Int8](repeating: 0, count: weights.count)
    var scales = [Float](repeating: 1, count: channels)
    for channel in 0..<channels {
      let range = channel * size..<(channel + 1) * size
      let largest = weights[range].reduce(0) { max($0, abs($1)) }
      // A channel of zeros, or of numbers too small to divide by, stays zero.
      guard largest / limit >= .leastNormalMagnitude else { continue }
      scales[channel] = largest / limit
      for index in range {
        let units = (weights[index] / scales[channel]).rounded(.toNearestOrEven)
        values[index] = Int8(max(-limit, min(limit, units)))
      }
    }
    self.values = values
    self.scales = scales
  }
}

extension Float {
  /// The nearest number that a `bfloat16` holds; halves go to the even side.
  var roundedToBrainFloat: Float {
    let rounded = bitPattern &+ 0x7FFF &+ (bitPattern >> 16 & 1)
    return Float(bitPattern: rounded & 0xFFFF_0000)
  }
}
