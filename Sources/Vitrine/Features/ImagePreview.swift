import Foundation
public import Images
import Tensors

/// What a network sees of one image: `vitrine preprocess`.
public enum ImagePreview {
  /// Writes one stage of the preprocessing of an image as a NumPy array: `uint8` [height, width, 3],
  /// or `float32` [3, side, side] when normalised.
  /// - Returns: the array's shape.
  /// - Throws: `ImageError` for the image, `TensorFileError` for the output.
  public static func write(
    image path: String, stage: PreprocessingStage, preprocessing: Preprocessing, to output: String
  ) throws -> [Int] {
    let bytes = try ImageFile.read(path)
    let array: NumpyArray
    do throws(ImageError) {
      switch unsafe try preprocessing.apply(to: bytes.span.bytes, through: stage) {
      case .pixels(let image):
        array = NumpyArray(
          shape: [image.height, image.width, 3], elements: .uint8(image.pixels))
      case .planes(let planes, let side):
        array = NumpyArray(shape: [3, side, side], elements: .float32(planes))
      }
    } catch {
      throw error.at(path)
    }
    try array.write(to: output)
    return array.shape
  }
}
