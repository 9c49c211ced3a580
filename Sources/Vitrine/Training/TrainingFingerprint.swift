import Foundation
import Images
import NeuralNetworks

/// Everything that decides the course of a training, in one hash: a checkpoint of another course is
/// not resumed.
struct TrainingFingerprint {
  private var parts: [Data] = []

  mutating func add(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    parts.append(try encoder.encode(value))
  }

  /// SHA-256 of what was added, each part with its length.
  var hash: String {
    HexDigest.sha256(parts.flatMap { Array("\($0.count):".utf8) + $0 })
  }
}

extension Checkpoint {
  /// The same file for one course of training only.
  func of(_ fingerprint: TrainingFingerprint) -> Checkpoint {
    Checkpoint(path: path, resume: resume, fingerprint: fingerprint.hash)
  }
}
