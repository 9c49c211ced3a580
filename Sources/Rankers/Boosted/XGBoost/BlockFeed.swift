import CXGBoost

/// Rows that come as dense blocks, as often as they are asked for.
protocol FeatureBlockSource {
  /// Number of rows.
  var count: Int { get }
  /// Rows in a block, except the last.
  var blockRows: Int { get }

  /// The numbers of some rows, row-major.
  func block(_ rows: Range<Int>) -> [Float]
}

/// Hands the blocks of a source to the library, which asks for them several times over.
///
/// Everything happens inside one call on one thread, and nothing may be thrown through C: what goes
/// wrong is kept in `failure`.
@safe final class BlockFeed {
  let proxy: DMatrixHandle
  private(set) var failure: BoostingError?
  private let columns: FeatureColumns
  private let weights: [Float]
  private let count: Int
  private let blockRows: Int
  private let read: (Range<Int>) -> [Float]
  private var upcoming = 0
  /// Outlives the call of `next` that made it, because the library reads it later.
  private var block: [Float] = []
  private var kept = 0..<0

  init(
    _ source: some FeatureBlockSource, columns: FeatureColumns, weights: [Float]
  ) throws(BoostingError) {
    self.columns = columns
    self.weights = weights
    count = source.count
    blockRows = source.blockRows
    read = { source.block($0) }
    var created: DMatrixHandle?
    try XGBoostLibrary.check("start a matrix", unsafe XGProxyDMatrixCreate(&created))
    guard let created = unsafe created else { throw .noRows }
    unsafe proxy = created
  }

  deinit { _ = unsafe XGDMatrixFree(proxy) }

  static func at(_ pointer: UnsafeMutableRawPointer?) -> BlockFeed {
    guard let pointer = unsafe pointer else { preconditionFailure("A feed without an address.") }
    return unsafe Unmanaged<BlockFeed>.fromOpaque(pointer).takeUnretainedValue()
  }

  func reset() { upcoming = 0 }

  /// Shows the library the next block: 1, or 0 at the end.
  func next() -> Int32 {
    guard failure == nil, upcoming < count else { return 0 }
    let rows = upcoming..<min(upcoming + blockRows, count)
    upcoming = rows.upperBound
    // Where all rows fit one block, it is made once.
    if kept != rows {
      block = []
      block = read(rows)
      kept = rows
    }
    do throws(BoostingError) {
      try show(rows)
      return 1
    } catch {
      failure = error
      return 0
    }
  }

  private func show(_ rows: Range<Int>) throws(BoostingError) {
    try XGBoostLibrary.check(
      "read rows \(rows)",
      unsafe block.withUnsafeBufferPointer { block -> Int32 in
        guard let base = block.baseAddress else { return 0 }
        return unsafe XGProxyDMatrixSetDataDense(
          proxy,
          XGBoostLibrary.arrayInterface(base, rows: rows.count, columns: columns.width))
      })
    try unsafe withFeatureTexts(of: columns) { (field, texts) in
      unsafe XGDMatrixSetStrFeatureInfo(proxy, field, texts.baseAddress, UInt64(texts.count))
    }
    guard !weights.isEmpty else { return }
    try XGBoostLibrary.check(
      "read the weights of rows \(rows)",
      unsafe weights[rows].withUnsafeBufferPointer {
        unsafe XGDMatrixSetFloatInfo(proxy, "weight", $0.baseAddress, UInt64($0.count))
      })
  }
}
