import Foundation
import Tensors

/// The file that lists failures and accepted damage, one JSON object a line. It is written whole at
/// the end of a run; accepted damage is added as it is committed, because a later run that finds
/// the vector does not see the image's damage any more.
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

  /// Adds lines to what there is. A disk that refuses them refuses the commit too, which says so.
  static func append(_ entries: [ExtractionFailure], to path: String) {
    guard !entries.isEmpty, let lines = try? entries.flatMap(line) else { return }
    if !FileManager.default.fileExists(atPath: path) {
      _ = FileManager.default.createFile(atPath: path, contents: nil)
    }
    guard let file = FileHandle(forWritingAtPath: path) else { return }
    // After a line that a crash cut short, the next one begins anew.
    _ = try? file.seekToEnd()
    try? file.write(contentsOf: Data([0x0A] + lines))
    try? file.close()
  }

  static func write(
    _ entries: [ExtractionFailure], to path: String
  ) throws(VisualEncoderError) {
    do {
      let file = try AtomicFile(path)
      for entry in entries { try file.write(try line(entry)) }
      try file.commit()
    } catch {
      throw VisualEncoderError(.io, path: path, reason: "cannot write the ledger: \(error)")
    }
  }

  private static func line(_ entry: ExtractionFailure) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return [UInt8](try encoder.encode(entry)) + [0x0A]
  }
}
