import CXGBoost
import Testing

/// XGBoost's own reading of a model file: what ours is held against.
final class ReferenceBooster {
  private let handle: BoosterHandle

  init(_ json: [UInt8]) throws {
    var created: BoosterHandle?
    try #require(XGBoosterCreate(nil, 0, &created) == 0)
    handle = try #require(created)
    try #require(XGBoosterLoadModelFromBuffer(handle, json, UInt64(json.count)) == 0)
  }

  deinit { XGBoosterFree(handle) }

  /// Margins of dense rows; NaN is missing.
  func margins(_ rows: [Float], columns: Int) throws -> [Float] {
    let options =
      #"{"type": 1, "training": false, "iteration_begin": 0, "iteration_end": 0, "#
      + #""strict_shape": false, "missing": NaN, "cache_id": 0}"#
    let count = rows.count / columns
    return try rows.withUnsafeBufferPointer { rows in
      let address = UInt(bitPattern: rows.baseAddress)
      let values =
        #"{"data": [\#(address), true], "shape": [\#(count), \#(columns)], "#
        + #""typestr": "<f4", "version": 3}"#
      var (shape, dimensions): (UnsafePointer<UInt64>?, UInt64) = (nil, 0)
      var result: UnsafePointer<Float>?
      try #require(
        XGBoosterPredictFromDense(handle, values, options, nil, &shape, &dimensions, &result) == 0)
      return Array(UnsafeBufferPointer(start: result, count: count))
    }
  }

  /// What each feature that splits did, by XGBoost's name of the measure.
  func importance(_ measure: String) throws -> [String: Float] {
    var (count, dimensions): (UInt64, UInt64) = (0, 0)
    var names: UnsafeMutablePointer<UnsafePointer<CChar>?>?
    var shape: UnsafePointer<UInt64>?
    var scores: UnsafePointer<Float>?
    try #require(
      XGBoosterFeatureScore(
        handle, #"{"importance_type": "\#(measure)"}"#, &count, &names, &dimensions, &shape,
        &scores) == 0)
    var result: [String: Float] = [:]
    for index in 0..<Int(count) {
      let name = try #require(names?[index])
      result[String(cString: name)] = try #require(scores)[index]
    }
    return result
  }
}
