/// Parts that come as files of their own, in the order training, validation, test.
public struct ReadyParts: Sendable, Hashable, Codable {
  /// How many files each part has: training, validation, test.
  package var files: [Int]

  /// Counts of files: of training, validation and test.
  package init(train: Int, validation: Int, test: Int) { files = [train, validation, test] }

  /// Parts the rows by the file they came from.
  /// - Throws: `RankingDataError` where a request is in two parts, or a part is empty.
  package func rows(
    sources: [Table.Source], requests: Table.TextColumn
  ) throws(RankingDataError) -> SplitRows {
    let ends = [files[0], files[0] + files[1]].map { end in
      sources.prefix(end).reduce(0) { $0 + $1.count }
    }
    let rows = SplitRows(count: requests.codes.count) { row in
      row < ends[0] ? .train : row < ends[1] ? .validation : .test
    }
    var parts = [Int8](repeating: -1, count: requests.values.count)
    let names = ["training", "validation", "test"]
    for (part, members) in [rows.train, rows.validation, rows.test].enumerated() {
      for row in members {
        let request = Int(requests.codes[Int(row)])
        guard parts[request] < 0 || parts[request] == part else {
          throw RankingDataError(
            .badValue, file: sources.first?.name,
            problem: "The request \"\(requests.values[request])\" has rows in the files for"
              + " \(names[Int(parts[request])]) and in those for \(names[part]).",
            remedy: "Keep the rows of a request together, and give each request its own id.")
        }
        parts[request] = Int8(part)
      }
    }
    return try rows.checked(
      validation: files[1] > 0, test: files[2] > 0, "its files have no rows",
      "Check the files.")
  }
}
