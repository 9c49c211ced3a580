import Foundation
import Rankers
import RankingData
import RankingEvaluation
import Testing

/// LightGBM's own ranking example: 300 sparse features, grades from 0 to 4.
enum RankingSample {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../../shared/data/lightgbm-lambdarank").standardizedFileURL.path
  static let isPresent = FileManager.default.fileExists(atPath: "\(folder)/rank.train")
  static let width = 300

  static func batch(_ name: String) throws -> RankingBatch {
    let lines = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
      .split(separator: "\n")
    let sizes = try String(contentsOfFile: "\(folder)/\(name).query", encoding: .utf8)
      .split(separator: "\n").map { try #require(Int($0)) }
    var labels: [Float] = []
    var numeric = [Float](repeating: 0, count: lines.count * width)
    for (row, line) in lines.enumerated() {
      let words = line.split(separator: " ")
      labels.append(try #require(Float(words[0])))
      for word in words.dropFirst() {
        let pair = word.split(separator: ":")
        let column = try #require(Int(pair[0]))
        if column < width { numeric[row * width + column] = try #require(Float(pair[1])) }
      }
    }
    let requests = sizes.enumerated().flatMap { [Int32](repeating: Int32($0), count: $1) }
    return RankingBatch(
      count: lines.count, numeric: numeric, numericWidth: width, labels: labels,
      requests: requests)
  }

  static func ndcg(_ ranker: BoostedTrees, on batch: RankingBatch, cutoff: Int) throws -> Double {
    let scores = ranker.scores(of: batch)
    let lists = Dictionary(grouping: 0..<batch.count) { batch.requests[$0] }.values.map { rows in
      rows.sorted { (scores[$1], $0) < (scores[$0], $1) }.map { batch.labels[$0] }
    }
    return try NDCG(cutoff: cutoff, emptyLists: .one).mean(lists).value
  }
}
