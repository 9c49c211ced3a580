import FileSupport
import Foundation
import Images
import Tensors
import VisualEncoder

/// Small pictures that a colour or a pattern tells apart.
enum ColouredPictures {
  static let classes = ["blue", "green", "red", "stripes"]

  /// Writes `count` PNG files of 40 x 36 pixels a class below `name`.
  static func write(_ count: Int, to folder: TemporaryFolder, _ name: String) throws {
    for (label, title) in classes.enumerated() {
      for index in 0..<count {
        try folder.write(
          PNGImage.encode(picture(label, index)), to: "\(name)/\(title)/\(index).png")
      }
    }
  }

  static func picture(_ label: Int, _ index: Int) -> RGBImage {
    var random = RandomStream(seed: UInt64(label), stream: UInt64(index))
    var pixels: [UInt8] = []
    for y in 0..<36 {
      for _ in 0..<40 {
        for channel in 0..<3 {
          let level = label == 3 ? (y / 4 % 2) * 150 + 50 : (2 - channel == label ? 200 : 60)
          pixels.append(UInt8(level + random.next(below: 40)))
        }
      }
    }
    return RGBImage(width: 40, height: 36, pixels: pixels)
  }

  static let preprocessing = Preprocessing(resize: 32, crop: 32, cropMode: .squash)

  static func decoded(
    _ folder: TemporaryFolder, _ name: String, _ preprocessing: Preprocessing, workers: Int = 2
  ) throws -> DecodedImages {
    try DecodedImages(
      LabelledImages.read(folder(name)), preprocessing, workers: workers, path: folder(name))
  }

  /// What the network sees of the bytes of an image.
  static func planes(_ bytes: [UInt8]) throws -> [Float] {
    let result = try preprocessing.apply(to: bytes.span.bytes, through: .normalized)
    guard case .planes(let planes, _) = result else { return [] }
    return planes
  }
}
