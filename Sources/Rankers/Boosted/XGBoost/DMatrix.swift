import CXGBoost

/// Rows of features in the library's own memory.
@safe struct DMatrix: ~Copyable {
  let handle: DMatrixHandle

  private init(handle: DMatrixHandle) { unsafe self.handle = handle }

  deinit { _ = unsafe XGDMatrixFree(handle) }

  /// Copies a dense matrix; NaN is missing.
  static func dense(
    _ values: [Float], columns: FeatureColumns, threads: Int
  ) throws(BoostingError) -> DMatrix {
    XGBoostLibrary.silence()
    var created: DMatrixHandle?
    let rows = columns.width == 0 ? 0 : values.count / columns.width
    let code = unsafe values.withUnsafeBufferPointer { values -> Int32 in
      guard let base = values.baseAddress else { return 0 }
      return unsafe XGDMatrixCreateFromDense(
        XGBoostLibrary.arrayInterface(base, rows: rows, columns: columns.width),
        #"{"missing": NaN, "nthread": \#(threads)}"#, &created)
    }
    try XGBoostLibrary.check("copy \(rows) rows", code)
    guard let created = unsafe created else { throw .noRows }
    let matrix = unsafe DMatrix(handle: created)
    try unsafe withFeatureTexts(of: columns) { (field, texts) in
      unsafe XGDMatrixSetStrFeatureInfo(created, field, texts.baseAddress, UInt64(texts.count))
    }
    return matrix
  }

  /// Quantises rows that a source hands out block by block: a byte or two for each number, and one
  /// block at a time.
  ///
  /// - Parameter weights: one for each row; empty for 1. They decide where the bins lie.
  static func quantised(
    _ source: some FeatureBlockSource, columns: FeatureColumns, weights: [Float], bins: Int,
    threads: Int
  ) throws(BoostingError) -> DMatrix {
    XGBoostLibrary.silence()
    let feed = try BlockFeed(source, columns: columns, weights: weights)
    var created: DMatrixHandle?
    let code = withExtendedLifetime(feed) {
      unsafe XGQuantileDMatrixCreateFromCallback(
        Unmanaged.passUnretained(feed).toOpaque(), feed.proxy, nil,
        { feed in unsafe BlockFeed.at(feed).reset() }, { feed in unsafe BlockFeed.at(feed).next() },
        #"{"missing": NaN, "nthread": \#(threads), "max_bin": \#(bins)}"#, &created)
    }
    if let failure = feed.failure {
      if let created = unsafe created { _ = unsafe XGDMatrixFree(created) }
      throw failure
    }
    try XGBoostLibrary.check("quantise \(source.count) rows", code)
    guard let created = unsafe created else { throw .noRows }
    return unsafe DMatrix(handle: created)
  }

  /// Sets one label for each row.
  func set(labels: [Float]) throws(BoostingError) { try set("label", labels) }

  /// Sets one weight for each row, or for each group where there are groups.
  func set(weights: [Float]) throws(BoostingError) { try set("weight", weights) }

  /// Says how many consecutive rows belong to each request.
  func set(groups: [UInt32]) throws(BoostingError) {
    let code = unsafe groups.withUnsafeBufferPointer {
      unsafe XGDMatrixSetUIntInfo(handle, "group", $0.baseAddress, UInt64($0.count))
    }
    try XGBoostLibrary.check("take the sizes of \(groups.count) requests", code)
  }

  private func set(_ field: String, _ values: [Float]) throws(BoostingError) {
    let code = unsafe values.withUnsafeBufferPointer {
      unsafe XGDMatrixSetFloatInfo(handle, field, $0.baseAddress, UInt64($0.count))
    }
    try XGBoostLibrary.check("take \(values.count) values as \(field)", code)
  }
}
