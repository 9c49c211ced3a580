/// How a file of rows should be read, as far as a sample shows.
package struct FileProposal: Sendable {
  /// The file, its format, names for its columns, and how its cells are read.
  package var files: TableFiles
  /// The format.
  package var format: TableFormat
  /// Whether the name says the format.
  package var isFormatNamed: Bool
  /// Rows of the sample.
  package var sample: Table

  private static let missingWords = ["NULL", "null", "NA", "N/A", "NaN", "nan", "None", "\\N", "?"]

  /// Looks at the start of a file.
  /// - Parameter rows: size of the sample.
  /// - Throws: `RankingDataError` naming file and line.
  package init(path: String, rows: Int) throws(RankingDataError) {
    format = try TableFormat(path: path)
    let name = path.hasSuffix(".gz") ? path.dropLast(3) : path[...]
    let ending = name.split(separator: ".").last.map(String.init) ?? ""
    isFormatNamed =
      ["csv", "tsv", "tab", "jsonl", "ndjson"].contains(ending)
      || format == .svmlight && ["svm", "svmlight", "libsvm", "letor"].contains(ending)
    files = TableFiles([path], format: format)
    if format == .csv || format == .tsv {
      let cells = try DelimitedReader.firstRecord(
        path: path, delimiter: format == .tsv ? "\t" : ",")
      if Self.areValues(cells) { files.header = cells.indices.map { "c\($0 + 1)" } }
    }
    // Beside a file of rows without queries, LightGBM's samples have their sizes.
    if format == .svmlight, (try? ByteSource(path: path + ".query")) != nil {
      files.groups = [path + ".query"]
    }
    sample = try files.read(limit: rows)
    guard format != .svmlight else { return }
    let texts = sample.columns.compactMap(\.text)
    let spaced = texts.dropFirst().count { column in
      column.values.allSatisfy { $0.isEmpty || $0.first == " " }
    }
    files.rules.trim = texts.count > 1 && spaced * 2 > texts.count
    let found = Set(
      texts.flatMap { column in
        column.values.lazy.map { $0.filter { $0 != " " } }.filter(Self.missingWords.contains)
      })
    files.rules.missing = Self.missingWords.filter(found.contains)
    if files.rules != CellRules() { sample = try files.read(limit: rows) }
  }

  /// Whether a first record is no header: names are no numbers, and all different.
  private static func areValues(_ cells: [String]) -> Bool {
    let names = cells.map { $0.filter { $0 != " " } }
    return Set(names).count < names.count
      || names.contains {
        !$0.isEmpty && DecimalNumber.parse(Array($0.utf8), 0..<$0.utf8.count) != nil
      }
  }

  /// The `data` section of a configuration.
  /// - Parameters:
  ///   - path: the file as it is to be named.
  ///   - split: how it is parted.
  package func yamlText(path: String, catalogue: String?, split: String) -> String {
    var lines = ["impressions: \(yaml(path))"]
    if !isFormatNamed { lines.append("format: \(format.rawValue)") }
    if let header = files.header {
      lines.append("# The file has no header: give the columns better names.")
      lines.append("header: [\(header.map { yaml($0) }.joined(separator: ", "))]")
    }
    if files.rules.trim { lines.append("trim: true") }
    if !files.rules.missing.isEmpty {
      lines.append("missing: [\(files.rules.missing.map { yaml($0) }.joined(separator: ", "))]")
    }
    if !files.groups.isEmpty { lines.append("groups: \(yaml(path + ".query"))") }
    if let catalogue { lines.append("catalogue: \(yaml(catalogue))") }
    lines.append("split: \(split)")
    return "data:\n" + lines.map { "  \($0)" }.joined(separator: "\n")
  }
}
