import Foundation
import Tensors

/// The file that lists failures and accepted damage, one JSON object a line.
enum ExtractionLedger {
  /// Items of accepted damaged images that earlier runs listed, by id. What cannot be read counts
  /// as nothing: the ledger informs, nothing depends on it.
  static func accepted(in path: String) -> [String: ExtractionFailure] {
    guard FileManager.default.fileExists(atPath: path),
      let bytes = try? FileReading.bytes(of: path)
    else { return [:] }
    let decoder = JSONDecoder()
    var found: [String: ExtractionFailure] = [:]
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      guard let entry = try? decoder.decode(ExtractionFailure.self, from: Data(line)),
        entry.reason == ExtractionFailure.damageAccepted
      else { continue }
      found[entry.id] = entry
    }
    return found
  }

  static func write(
    _ entries: [ExtractionFailure], to path: String
  ) throws(VisualEncoderError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      let file = try AtomicFile(path)
      for entry in entries { try file.write([UInt8](try encoder.encode(entry)) + [0x0A]) }
      try file.commit()
    } catch {
      throw VisualEncoderError(.io, path: path, reason: "cannot write the ledger: \(error)")
    }
  }
}
