import Foundation
import Rankers
import RankingData

/// Reads rows that lie as plain little-endian arrays, one file a column.
struct Rows {
  let folder: String
  let count: Int

  init(_ part: Job.Part) {
    folder = part.folder
    count = part.rows
  }

  /// The rows of a folder as one batch, in which every run of rows with one request number is a request.
  func batch(_ layout: FeatureLayout) throws -> RankingBatch {
    let categorical: [[Int32]] = try layout.categorical.map { try read("\($0.name).i32") }
    let bags = try layout.bags.map {
      Bag(values: try read("\($0.name).values.i32"), offsets: try read("\($0.name).offsets.i32"))
    }
    let ages: [[Float]] = try layout.bags.indices.map {
      try layout.agedBags.contains($0) ? read("\(layout.bags[$0].name).ages.f32") : []
    }
    guard categorical.allSatisfy({ $0.count == count }) else {
      throw RankerError.configuration(
        key: "rows", value: "\(count)", reason: "\(folder) has another number of rows")
    }
    let requests: [Int32] = try read("requests.i32")
    var batch = RankingBatch(
      count: count, categorical: categorical, bags: bags, bagAges: ages,
      labels: try read("label.f32"), groups: requests, requests: requests)
    batch.taskLabels = try layout.tasks.map { try read("\($0).f32") }
    return batch
  }

  private func read<Element: BitwiseCopyable>(_ name: String) throws -> [Element] {
    let data = try Data(contentsOf: URL(filePath: "\(folder)/\(name)"))
    return data.withUnsafeBytes { Array($0.bindMemory(to: Element.self)) }
  }
}
