/// A file format that other tools read features in.
package enum ExportFormat: String, Sendable, CaseIterable {
  /// `features.npy`: float32 `[N, D]`, with `ids.txt`.
  case npy
  /// `features.safetensors`: the tensor `features`, F32 `[N, D]`, with `ids.txt`.
  case safetensors
  /// `features.jsonl`: `{"id":"…","vector":[…]}` a line.
  case jsonl

  package var fileName: String { "features." + rawValue }

  /// Row n of a matrix belongs to line n of this file.
  static let idsFile = "ids.txt"

  var hasIDsFile: Bool { self != .jsonl }

  /// What stands before the rows.
  func header(rows: Int, _ descriptor: FeatureCacheDescriptor) -> [UInt8] {
    switch self {
    case .npy: NumpyHeader.bytes(rows: rows, width: descriptor.width, type: .float32)
    case .safetensors: ExportFormat.safetensorsHeader(rows: rows, descriptor)
    case .jsonl: []
    }
  }

  /// Length, then JSON, padded with spaces so that the data begin on a multiple of 64 bytes.
  private static func safetensorsHeader(
    rows: Int, _ descriptor: FeatureCacheDescriptor
  ) -> [UInt8] {
    let metadata = [
      ("format", "vitrine-features"), ("ids", idsFile), ("encoder", descriptor.encoder),
      ("preprocessing", descriptor.preprocessing), ("precision", descriptor.precision),
    ]
    var json = Array("{\"__metadata__\":{".utf8)
    for (index, (name, value)) in metadata.enumerated() {
      if index > 0 { json.append(UInt8(ascii: ",")) }
      json.append(quoting: name.utf8)
      json.append(UInt8(ascii: ":"))
      json.append(quoting: value.utf8)
    }
    let width = descriptor.width
    json += Array("},\"features\":{\"dtype\":\"F32\",\"shape\":[\(rows),\(width)],".utf8)
    json += Array("\"data_offsets\":[0,\(4 * rows * width)]}}".utf8)
    let padding = (64 - (8 + json.count) % 64) % 64
    json += [UInt8](repeating: 0x20, count: padding)
    var bytes: [UInt8] = []
    bytes.append(little: UInt64(json.count))
    return bytes + json
  }
}
