/// A column of a table, as text, as numbers, or both.
struct StoredColumn: Sendable {
  /// Column name.
  let name: String
  var text: Table.TextColumn?
  /// NaN where a cell is empty.
  var numbers: Column<Double>?
  /// The content hashes of its files, where it has files.
  var hashes: [ColumnFiles.Part: UInt64] = [:]
}

/// The files of one column of a column store.
struct ColumnFiles: Sendable {
  /// What a file holds, which is also the extension of its name.
  enum Part: String, Sendable, Hashable, Codable, CaseIterable, CodingKeyRepresentable {
    /// One `Int32` a row.
    case codes
    /// The texts of the codes, one after the other.
    case bytes
    /// Where each text starts in them, and where the last ends: `Int64`.
    case offsets
    /// One `Double` a row.
    case numbers
  }

  /// The path of each file without its extension.
  let stem: String

  func path(_ part: Part) -> String { "\(stem).\(part.rawValue)" }

  /// Writes the distinct texts.
  /// - Returns: the same, mapped.
  func write(
    _ values: TextValues, hashes: inout [Part: UInt64]
  ) throws(RankingDataError) -> TextValues {
    let (bytes, offsets) = values.spelling
    let first = ColumnWriter<UInt8>(path: path(.bytes))
    first.append { $0.append(contentsOf: bytes) }
    let second = ColumnWriter<Int>(path: path(.offsets))
    second.append { $0.append(contentsOf: offsets) }
    let (storedBytes, bytesHash) = try first.finish()
    let (storedOffsets, offsetsHash) = try second.finish()
    hashes[.bytes] = bytesHash
    hashes[.offsets] = offsetsHash
    return TextValues(bytes: storedBytes, offsets: storedOffsets)
  }
}
