import NeuralNetworks
import Tensors

extension EncoderWeights {
  /// Weights of one encoder as the start of another: gates that they lack are initialised, and a
  /// classifier they bring is left behind.
  /// - Throws: `tensorMismatch` where the rest is of another architecture.
  package init(
    completing weights: EncoderWeights, for configuration: EncoderConfiguration, path: String
  ) throws(VisualEncoderError) {
    var tensors = weights.tensors.filter { !TensorSchema.isOptional($0.key) }
    _ = GateInitialization.complete(&tensors, for: configuration)
    try self.init(tensors, for: configuration, path: path)
  }
}

extension EncoderClassifier {
  /// Makes the encoder's weights what they will be once they are stored in half precision, so that
  /// this is what is judged.
  /// - Throws: `tensorMismatch` naming a tensor that is beyond its range.
  package func roundToHalf() throws(VisualEncoderError) {
    let rounded = try network.encoderWeights().roundedToHalf(for: network.configuration)
    for entry in ParameterList(network).entries {
      entry.parameter.value = Tensor(
        rounded.floats(entry.name).map { Scalar($0) }, shape: entry.parameter.value.shape)
    }
  }
}

extension ClassificationTraining {
  /// Throws where no network can be built.
  package func validate(path: String) throws(VisualEncoderError) {
    try configuration.validate(path: path)
  }
}
