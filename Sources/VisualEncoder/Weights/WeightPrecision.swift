import Tensors

/// How the weights of a bundle are stored. They are computed with in the bundle's own precision.
public enum WeightPrecision: String, Sendable, Codable, CaseIterable {
  /// Single precision.
  case fp32
  /// Half precision for everything but vectors (biases, normalisations): half the size.
  case fp16
}

extension EncoderWeights {
  /// The names of tensors that half precision rounds.
  var matrices: Set<String> {
    Set(tensors.filter { $0.value.shape.count > 1 }.keys)
  }

  /// The same weights as they are read back from half precision.
  /// - Throws: `tensorMismatch` where a number is beyond its range.
  package func roundedToHalf(
    for configuration: EncoderConfiguration
  ) throws(VisualEncoderError) -> EncoderWeights {
    var rounded = tensors
    for name in matrices.sorted() {
      guard let tensor = tensors[name] else { continue }
      let values = tensor.floats.map { Float(Float16($0)) }
      guard values.allSatisfy(\.isFinite) else {
        throw VisualEncoderError(
          .tensorMismatch, path: name,
          reason: "a weight is beyond the range of half precision; store the weights as fp32")
      }
      rounded[name] = StoredTensor(shape: tensor.shape, floats: values)
    }
    return try EncoderWeights(rounded, for: configuration, path: "half precision")
  }
}
