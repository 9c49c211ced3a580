import Tensors

/// A safetensors file, its failures in the words of this room.
enum WeightFile {
  static func read(_ path: String) throws(VisualEncoderError) -> [String: StoredTensor] {
    do throws(TensorFileError) {
      return try SafetensorsFile.read(path).tensors
    } catch {
      throw VisualEncoderError(.unreadable, path: path, reason: error.placeless)
    }
  }
}

extension TensorFileError {
  /// The description without the path.
  var placeless: String { (tensor.map { "tensor \"\($0)\": " } ?? "") + reason }
}
