import Foundation
import RankingData

/// The typed error of a call that must fail.
func failure(_ body: () throws -> Void) -> RankingDataError? {
  do {
    try body()
    return nil
  } catch { return error as? RankingDataError }
}

/// A file that lives as long as the body.
func withFile<Result>(
  _ text: String, named name: String = "table.csv", _ body: (String) throws -> Result
) throws -> Result {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("vitrine-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  let file = folder.appendingPathComponent(name)
  try Data(text.utf8).write(to: file)
  return try body(file.path)
}

/// Reproducible numbers.
struct Noise: RandomNumberGenerator {
  var state: UInt64 = 1
  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (state >> 32) | (state << 32)
  }
}
