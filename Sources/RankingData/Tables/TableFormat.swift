/// How a file of rows is written. Each may be gzipped.
package enum TableFormat: String, Sendable, Hashable, Codable, CaseIterable {
  /// Comma-separated values, RFC 4180.
  case csv
  /// The same with tabs.
  case tsv
  /// One flat JSON object a line.
  case jsonl
  /// SVMlight and LETOR.
  case svmlight

  /// The format of a file by its name, or else by its first line.
  package init(path: String) throws(RankingDataError) {
    let name = path.hasSuffix(".gz") ? path.dropLast(3) : path[...]
    switch name.split(separator: ".").last {
    case "csv": self = .csv
    case "tsv", "tab": self = .tsv
    case "jsonl", "ndjson": self = .jsonl
    case "svm", "svmlight", "libsvm", "letor": self = .svmlight
    default: self = try Self.sniffed(path)
    }
  }

  private static func sniffed(_ path: String) throws(RankingDataError) -> TableFormat {
    var source = try ByteSource(path: path)
    let start = try source.next() ?? []
    let line = start.drop { $0 <= 0x20 }.prefix { $0 != 0x0A }
    if line.first == UInt8(ascii: "{") { return .jsonl }
    let words = line.split { $0 == 0x20 || $0 == 0x09 }
    if words.count > 1, DecimalNumber.parse(Array(words[0]), 0..<words[0].count) != nil,
      words[1].starts(with: "qid:".utf8) || isFeature(words[1])
    {
      return .svmlight
    }
    return line.contains(0x09) && !line.contains(UInt8(ascii: ",")) ? .tsv : .csv
  }

  /// Whether a word is a feature, as in `12:0.5`.
  private static func isFeature(_ word: ArraySlice<UInt8>) -> Bool {
    let parts = word.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    return parts.count == 2 && !parts[0].isEmpty
      && parts[0].allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }
}
