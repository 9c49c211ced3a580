import Crypto
import Foundation
import Images

/// What `tools/reference/images.py` wrote from Pillow and torchvision.
struct Golden: Decodable {
  struct Entry: Decodable {
    let width: Int
    let height: Int
    let sha256: String
    var summary: String { "\(width) x \(height) \(sha256)" }
  }
  struct Stages: Decodable {
    let resized: Entry
    let cropped: String
    let normalized: String
  }
  struct Fixture: Decodable, CustomStringConvertible {
    let file: String
    let pixels: Entry
    let upright: Entry?
    let orientation: Int?
    let stages: [String: Stages]?
    let wide: [String: Stages]?
    var description: String { file }
  }
  struct Resample: Decodable {
    let input: [Int]
    let output: [Int]
    let kernel: Interpolation
    let sha256: String
  }
  struct Photo: Decodable {
    let file: String
    let pixels: Entry
    let stages: [String: Stages]
  }
  let fixtures: [Fixture]
  let resamples: [Resample]
  let photos: [Photo]
  let table: String

  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
  static let shared = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../shared/data").standardizedFileURL

  static let all: Golden = {
    do {
      let data = try Data(contentsOf: folder.appending(path: "images.json"))
      return try JSONDecoder().decode(Golden.self, from: data)
    } catch {
      preconditionFailure("Golden/images.json: \(error); run tools/reference/images.py")
    }
  }()

  static func bytes(of fixture: String) throws -> [UInt8] {
    try ImageFile.read(folder.appending(path: "fixtures/\(fixture)").path)
  }

  static func bytes(of photo: Photo) throws -> [UInt8] {
    try ImageFile.read(shared.appending(path: "clothing/\(photo.file)").path)
  }

  static func has(_ folder: String) -> Bool {
    FileManager.default.fileExists(atPath: shared.appending(path: folder).path)
  }
}

func sha256<Element>(_ values: [Element]) -> String {
  values.withUnsafeBytes { bytes in
    SHA256.hash(data: Data(bytes)).map { byte in
      String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }.joined()
  }
}

extension RGBImage {
  /// The generator of `noise` in tools/reference/images.py.
  static func noise(_ width: Int, _ height: Int, seed: UInt32) -> RGBImage {
    var state = seed
    return RGBImage(
      width: width, height: height,
      pixels: (0..<width * height * 3).map { _ in
        state = state &* 1_664_525 &+ 1_013_904_223
        return UInt8(state >> 24)
      })
  }

  /// Size and sum of the pixels: what goldens are compared with, and short in a report.
  var summary: String { "\(width) x \(height) \(sha256(pixels))" }
}

extension Preprocessing {
  func pixels(
    _ bytes: [UInt8], _ stage: PreprocessingStage, limits: ImageLimits = ImageLimits()
  ) throws -> RGBImage? {
    guard case .pixels(let image) = try apply(to: bytes.span.bytes, through: stage, limits: limits)
    else { return nil }
    return image
  }

  func planes(_ bytes: [UInt8]) throws -> [Float] {
    guard case .planes(let planes, _) = try apply(to: bytes.span.bytes, through: .normalized)
    else { return [] }
    return planes
  }
}
