import CKernels

/// One thread of a scan: reads, checks and compares rows with the queries.
struct SimilarityWorker: ~Copyable {
  private let cache: FeatureCache
  private let queries: [Float]
  private(set) var best: [TopRows]
  private let buffer: UnsafeMutableRawBufferPointer
  private var dots: [Float] = []
  private var squares: [Float] = []
  private var scratch: [Float]

  /// - Parameter queries: unit vectors, row-major `[count, width]`.
  init(_ cache: FeatureCache, queries: [Float], limit: Int, partBytes: Int) {
    self.cache = cache
    self.queries = queries
    let count = queries.count / cache.descriptor.width
    best = Array(repeating: TopRows(limit: limit), count: count)
    buffer = .allocate(byteCount: max(1, partBytes), alignment: 64)
    scratch = [Float](repeating: 0, count: cache.descriptor.width)
  }

  deinit { buffer.deallocate() }

  mutating func scan(_ part: ShardScan.Part) throws(FeatureCacheError) {
    let number = part.shard.entry.number
    let table = try part.shard.table(cache)
    let file = try cache.shardFile(number)
    let rowBytes = cache.format.byteCount
    let bytes = UnsafeMutableRawBufferPointer(rebasing: buffer[..<(part.rows.count * rowBytes)])
    try file.read(rows: part.rows, into: bytes)
    for (position, row) in part.rows.enumerated() {
      let stored = UnsafeRawBufferPointer(
        rebasing: bytes[position * rowBytes..<(position + 1) * rowBytes])
      // Damage in a row that nothing leads to any more is no matter.
      if Checksum.of(stored) != table.checksum(row), try isLive(table.key(row), number, row) {
        throw .damagedRow(file.path, row: row, key: table.key(row))
      }
    }
    compare(UnsafeRawBufferPointer(bytes), rows: part.rows.count)
    for (position, row) in part.rows.enumerated() {
      try offer(row, at: position, of: number, table, UnsafeRawBufferPointer(bytes))
    }
    part.shard.finishPart()
  }

  private mutating func compare(_ bytes: UnsafeRawBufferPointer, rows: Int) {
    let count = best.count
    if squares.count < rows {
      squares = [Float](repeating: 0, count: rows)
      dots = [Float](repeating: 0, count: rows * count)
    }
    vitrine_compare_rows(
      bytes.baseAddress, cache.format.type == .float16 ? 1 : 0, rows, cache.descriptor.width,
      queries, count, &dots, &squares, &scratch)
  }

  /// Takes a row in where its score is good enough and the index still leads to it.
  private mutating func offer(
    _ row: Int, at position: Int, of shard: UInt32, _ table: SidecarTable,
    _ bytes: UnsafeRawBufferPointer
  ) throws(FeatureCacheError) {
    let square = squares[position]
    let isOrdinary = square > 1e-30 && square < 1e30
    for query in best.indices {
      let dot = dots[position * best.count + query]
      let score =
        isOrdinary
        ? dot / square.squareRoot() : exactScore(position, query, bytes)
      guard score >= best[query].threshold, try isLive(table.key(row), shard, row) else { continue }
      best[query].add(TopRows.Entry(key: table.key(row), score: max(-1, min(1, score))))
    }
  }

  /// For rows whose squares leave the range of a float.
  private func exactScore(
    _ position: Int, _ query: Int, _ bytes: UnsafeRawBufferPointer
  ) -> Float {
    let width = cache.descriptor.width
    let rowBytes = cache.format.byteCount
    let row = [Float](unsafeUninitializedCapacity: width) { row, count in
      let stored = bytes[position * rowBytes..<(position + 1) * rowBytes]
      if let base = row.baseAddress {
        cache.format.decode(UnsafeRawBufferPointer(rebasing: stored), to: base)
      }
      count = width
    }
    var (dot, square) = (0.0, 0.0)
    for (left, right) in zip(row, queries[query * width..<(query + 1) * width]) {
      dot += Double(left) * Double(right)
      square += Double(left) * Double(left)
    }
    return square > 0 ? Float(dot / square.squareRoot()) : 0
  }

  private func isLive(
    _ key: FeatureKey, _ shard: UInt32, _ row: Int
  ) throws(FeatureCacheError) -> Bool {
    try cache.index.read { transaction throws(FeatureCacheError) in
      guard let location = try transaction.location(of: key) else { return false }
      return location.shard == shard && Int(location.row) == row
    }
  }
}
