import NeuralNetworks
import Tensors

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
