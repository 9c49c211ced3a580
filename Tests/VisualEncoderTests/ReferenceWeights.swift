import Foundation
import Images
import Tensors
import VisualEncoder

/// The weights of `tools/reference/encoder.py`: a hash of each tensor's name and index.
enum ReferenceWeights {
  static func uniform(_ name: String, _ count: Int) -> [Double] {
    let state = name.utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01B3
    }
    return (0..<count).map { index in
      var z = state &+ UInt64(index) &* 0x9E37_79B9_7F4A_7C15
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return Double((z ^ (z >> 31)) >> 40) * 0x1p-24
    }
  }

  static func tensor(_ name: String, _ shape: [Int]) -> StoredTensor {
    let draws = uniform(name, shape.reduce(1, *))
    let values: [Double]
    switch name.split(separator: ".").last {
    case "code": values = draws.map { 2 * $0 - 1 }
    case _ where shape.count > 1:
      let bound = (6 / Double(shape[1...].reduce(1, *))).squareRoot()
      values = draws.map { (2 * $0 - 1) * bound }
    case "running_var", "weight": values = draws.map { 0.5 + $0 }
    default: values = draws.map { (2 * $0 - 1) * 0.2 }
    }
    return StoredTensor(shape: shape, floats: values.map { Float($0) })
  }

  static func state(_ configuration: EncoderConfiguration) -> [String: StoredTensor] {
    var state: [String: StoredTensor] = [:]
    for (name, shape) in EncoderWeights.required(configuration) {
      state[name] = tensor(name, shape)
    }
    return state
  }

  static func bundle(_ configuration: EncoderConfiguration) throws -> EncoderBundle {
    EncoderBundle(
      configuration: configuration,
      weights: try EncoderWeights(state(configuration), for: configuration, path: "reference"))
  }
}

extension StoredTensor {
  /// The same rows, each followed by zeros.
  func padded(to shape: [Int]) -> StoredTensor {
    let (narrow, wide) = (count / shape[0], shape.reduce(1, *) / shape[0])
    let zeros = [Float](repeating: 0, count: wide - narrow)
    let values = floats
    let rows = (0..<shape[0]).flatMap { row -> [Float] in
      values[row * narrow..<(row + 1) * narrow] + zeros
    }
    return StoredTensor(shape: shape, floats: rows)
  }
}

/// Inputs and expected outputs.
enum Golden {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Golden")

  /// The photos of `clothing.txt`, which lie beside a checkout where there are such; nil elsewhere.
  static let photos: String? = {
    let beside = folder.appendingPathComponent("../../../../shared/data/clothing/test")
    let path =
      ProcessInfo.processInfo.environment["VITRINE_CLOTHING"] ?? beside.standardized.path
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }()

  static func features(_ name: String) throws -> [[Float]] {
    let array = try NumpyArray.read(folder.appendingPathComponent("\(name).npy").path)
    guard case .float32(let values) = array.elements, array.shape.count == 2 else { return [] }
    let width = array.shape[1]
    return (0..<array.shape[0]).map { Array(values[$0 * width..<($0 + 1) * width]) }
  }

  /// Image `index` of the reference's formula: `[side, side, 3]`.
  static func image(_ index: Int, side: Int) -> [UInt8] {
    (0..<side).flatMap { y in
      (0..<side).flatMap { x in
        (0..<3).map { c in UInt8((x * 3 + y * 5 + c * 40 + (x * y) / (7 + index)) % 256) }
      }
    }
  }
}

extension InferenceWorkspace {
  /// The features of these images, one category row each, in as many batches as it takes.
  func features(_ images: [[UInt8]], rows: [Int]) -> [[Float]] {
    stride(from: 0, to: images.count, by: plan.batch).flatMap { start in
      let end = min(start + plan.batch, images.count)
      for index in start..<end {
        _ = image(index - start).update(fromContentsOf: images[index])
      }
      return run(categories: Array(rows[start..<end]))
    }
  }
}

/// The largest difference as a share of the largest expected number.
func relativeError(_ actual: [[Float]], _ expected: [[Float]]) -> Float {
  guard actual.map(\.count) == expected.map(\.count) else { return .infinity }
  let largest = expected.joined().reduce(0) { max($0, abs($1)) }
  let worst = zip(actual.joined(), expected.joined()).reduce(0) { worst, pair in
    pair.0.isFinite ? max(worst, abs(pair.0 - pair.1)) : .infinity
  }
  return worst / max(largest, .leastNormalMagnitude)
}
