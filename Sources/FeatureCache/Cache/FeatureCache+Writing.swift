import Synchronization

/// One vector to store, with the items that show it.
package struct FeatureRow: Sendable {
  package let key: FeatureKey
  package let items: [String]
  package let vector: [Float]

  package init(key: FeatureKey, items: [String], vector: [Float]) {
    self.key = key
    self.items = items
    self.vector = vector
  }
}

/// A row that `append` did not take, by its position in the argument.
package struct RejectedRow: Sendable {
  package let index: Int
  package let reason: FeatureCacheError
}

/// What one commit has added.
package struct CommitSummary: Sendable, Equatable {
  package internal(set) var rows: Int
  package internal(set) var links: Int

  package init(rows: Int, links: Int) {
    self.rows = rows
    self.links = links
  }
}

extension FeatureCache {
  /// Takes vectors for the next commit. A key that the cache already holds costs only its links.
  ///
  /// - Returns: the rows not taken, each with its reason: a wrong width, a number that is not
  ///   finite or too large for half precision, an id that no list can hold. The others are taken.
  package func append(_ rows: [FeatureRow]) throws(FeatureCacheError) -> [RejectedRow] {
    try writing("append vectors") { state throws(FeatureCacheError) in
      var rejected: [RejectedRow] = []
      for (position, row) in rows.enumerated() {
        let items = row.items.map { ItemID($0) }
        do throws(FeatureCacheError) {
          for item in items { try item.check(path) }
          if let problem = format.problem(with: row.vector) {
            let item = row.items.first.map { "item \($0.debugDescription), " } ?? ""
            throw FeatureCacheError(
              code: .invalidVector, path: path, message: "\(item)key \(row.key): \(problem)",
              advice: "Check the encoder, or use a float32 cache for large values")
          }
        } catch {
          rejected.append(RejectedRow(index: position, reason: error))
          continue
        }
        if !(try holds(row.key, state)) {
          state.pending.add(row.key, vector: row.vector, format: format)
        }
        for item in items { state.pending.link(item, to: row.key) }
      }
      return rejected
    }
  }

  /// Lets an item show a vector that the cache already holds.
  package func link(_ item: String, to key: FeatureKey) throws(FeatureCacheError) {
    let item = ItemID(item)
    try item.check(path)
    try writing("link an item") { state throws(FeatureCacheError) in
      guard try holds(key, state) else {
        throw FeatureCacheError(
          code: .unknownKey, path: path,
          message: "item \(item.text.debugDescription) cannot be linked to key \(key), "
            + "which has no vector",
          advice: "Append the vector first")
      }
      state.pending.link(item, to: key)
    }
  }

  /// Number of vectors and bytes waiting for `commit()`.
  package var pending: (rows: Int, links: Int, bytes: Int) {
    writer.withLock { state in
      guard let batch = state?.pending else { return (0, 0, 0) }
      return (batch.rows.count, batch.links.count, batch.payload.count)
    }
  }

  /// Makes everything appended durable: one shard and one index transaction. When it throws,
  /// nothing is lost: the handle keeps what waits, and the call can be repeated.
  @discardableResult
  package func commit() throws(FeatureCacheError) -> CommitSummary {
    try writing("commit") { state throws(FeatureCacheError) in
      var rows = 0
      var links = 0
      if let published = state.published {
        try enter(published)
        state.published = nil
        rows += published.sidecar.rows.count
        links += published.sidecar.links.count
      }
      guard !state.pending.isEmpty else { return CommitSummary(rows: rows, links: links) }
      let following = try ShardName.number(after: state.next, in: folder)
      let published = try state.pending.publish(as: state.next, in: folder, descriptor)
      state.next = following
      state.pending = Batch()
      state.published = published
      try enter(published)
      state.published = nil
      return CommitSummary(
        rows: rows + published.sidecar.rows.count, links: links + published.sidecar.links.count)
    }
  }

  func enter(_ shard: PublishedShard) throws(FeatureCacheError) {
    try index.write { transaction throws(FeatureCacheError) in
      try transaction.apply(shard.sidecar, checksum: shard.checksum, checkingLinks: false)
    }
  }

  private func holds(_ key: FeatureKey, _ state: WriterState) throws(FeatureCacheError) -> Bool {
    if state.waits(key) { return true }
    return try index.read { transaction throws(FeatureCacheError) in
      try transaction.location(of: key) != nil
    }
  }

  func writing<Result: Sendable>(
    _ what: String, _ body: (inout WriterState) throws(FeatureCacheError) -> Result
  ) throws(FeatureCacheError) -> Result {
    try writer.withLock { state throws(FeatureCacheError) -> Result in
      guard var current = state.take() else { throw .readOnly(path, what) }
      defer { state = current }
      return try body(&current)
    }
  }
}
