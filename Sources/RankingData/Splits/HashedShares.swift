/// Shares of ids by their hash.
struct HashedShares {
  let validation: Double
  let test: Double
  let seed: UInt64
  /// Keeps the hashes of two kinds of ids apart.
  let salt: String

  func rows(of column: Table.TextColumn, each: String) throws(RankingDataError) -> SplitRows {
    guard validation >= 0, test >= 0, validation + test < 1 else {
      throw RankingDataError(
        .badValue, problem: "Shares of \(validation) and \(test) leave nothing to train on.",
        remedy: "Both are at least 0, and together less than 1.")
    }
    let parts = column.values.indices.map { part(of: column.values, $0) }
    return try SplitRows(count: column.codes.count) { parts[Int(column.codes[$0])] }.checked(
      validation: validation > 0, test: test > 0,
      "there are \(column.values.count) \(each)", "Give more rows, or a larger share.")
  }

  private func part(of values: TextValues, _ code: Int) -> SplitRows.Part {
    var hash = ContentHash()
    unsafe withUnsafeBytes(of: seed.littleEndian) { unsafe hash.update($0) }
    unsafe Array(salt.utf8).withUnsafeBytes { unsafe hash.update($0) }
    unsafe values.withBytes(of: code) { unsafe hash.update(UnsafeRawBufferPointer($0)) }
    let place = Double(hash.value >> 11) * 0x1p-53
    return place < test ? .test : place < test + validation ? .validation : .train
  }
}
