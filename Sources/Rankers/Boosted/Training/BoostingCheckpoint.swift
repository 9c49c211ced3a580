import Foundation
import NeuralNetworks
import Tensors

/// A stopped training of trees: a line of JSON about it, then the model as XGBoost writes it.
struct BoostingCheckpoint {
  private struct Head: Codable {
    var format = "vitrine-boosting-1"
    var fingerprint: String
    var record: TrainingRecord
    /// FNV-1a of all else here and of the model, since XGBoost trusts what it reads.
    var checksum: UInt64 = 0
  }

  let place: Checkpoint

  /// What to go on from, or nil where there is nothing.
  func load() throws -> (record: TrainingRecord, json: [UInt8])? {
    guard place.resume, FileManager.default.fileExists(atPath: place.path) else { return nil }
    let bytes = try FileReading.bytes(of: place.path)
    guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")),
      let head = try? JSONDecoder().decode(Head.self, from: Data(bytes[..<end])),
      head.format == Head(fingerprint: "", record: TrainingRecord()).format
    else { throw BoostingError("\(place.path) is no checkpoint of trees", remedy: Self.startAnew) }
    let json = Array(bytes[(end + 1)...])
    guard try Self.checksum(head, json) == head.checksum, head.record.best != nil else {
      throw BoostingError("\(place.path) is damaged", remedy: Self.startAnew)
    }
    guard head.fingerprint == place.fingerprint else {
      throw BoostingError(
        "\(place.path): the configuration or the data changed since the checkpoint",
        remedy: "Start without --resume, or restore the configuration and the data.")
    }
    return (head.record, json)
  }

  /// Replaces the file.
  func save(_ record: TrainingRecord, _ json: [UInt8]) throws {
    var head = Head(fingerprint: place.fingerprint, record: record)
    head.checksum = try Self.checksum(head, json)
    let file = try AtomicFile(place.path)
    try file.write(Array(JSONEncoder().encode(head)) + [UInt8(ascii: "\n")])
    try file.write(json)
    try file.commit()
  }

  private static let startAnew = "Start without --resume."

  private static func checksum(_ head: Head, _ model: [UInt8]) throws -> UInt64 {
    var head = head
    head.checksum = 0
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return [Array(try encoder.encode(head)), model].joined().reduce(0xCBF2_9CE4_8422_2325) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01B3
    }
  }
}
