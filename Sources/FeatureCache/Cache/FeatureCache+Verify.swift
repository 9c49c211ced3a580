/// What a full check of a cache has found.
package struct VerificationReport: Sendable {
  /// Damage: what it names cannot be served, or could not be rebuilt.
  package internal(set) var problems: [FeatureCacheError] = []
  /// Harmless leftovers: orphan shards, temporary files, files of others.
  package internal(set) var remarks: [String] = []
  package internal(set) var rowsChecked = 0
  package internal(set) var itemsChecked = 0
  package internal(set) var shardsChecked = 0

  package var isSound: Bool { problems.isEmpty }
}

extension FeatureCache {
  /// Checks everything: every page and record of the index, every sidecar, every row, and that
  /// they agree. Reads the whole cache once and changes nothing.
  ///
  /// - Throws: `indexReplaced` where another process has repaired the cache since it was opened.
  package func verify() throws(FeatureCacheError) -> VerificationReport {
    for _ in 0..<2 {
      let before = try index.lastCommit()
      let report = try check()
      let after = try index.lastCommit()
      // What another process has compacted away meanwhile is no damage.
      if report.isSound || after == before { return report }
    }
    return try check()
  }

  private func check() throws(FeatureCacheError) -> VerificationReport {
    var report = VerificationReport()
    do throws(FeatureCacheError) {
      try index.checkStructure()
      var rowsOf: [UInt32: [Row]] = [:]
      let shards = try index.shards()
      try index.read { transaction throws(FeatureCacheError) in
        try transaction.forEachRow { key, location throws(FeatureCacheError) in
          rowsOf[location.shard, default: []].append(Row(key: key, location: location))
        }
        try transaction.forEachLink { link throws(FeatureCacheError) in
          report.itemsChecked += 1
          guard try transaction.location(of: link.key) == nil else { return }
          report.problems.append(
            .damagedIndex(
              transaction.path,
              "item \(link.item.text.debugDescription) refers to the missing key \(link.key)"))
        }
      }
      for number in shards.keys.sorted() {
        guard let entry = shards[number], !entry.isRetired else { continue }
        check(entry, rowsOf[number] ?? [], &report)
      }
      try remark(on: shards, &report)
    } catch {
      guard error.code != .indexReplaced else { throw error }
      report.problems.append(error)
    }
    return report
  }

  private func check(_ entry: ShardEntry, _ rows: [Row], _ report: inout VerificationReport) {
    report.shardsChecked += 1
    let number = entry.number
    do throws(FeatureCacheError) {
      let (sidecar, checksum) = try Sidecar.read(
        number, from: folder, fingerprint: descriptor.fingerprint)
      let disagreeing = rows.contains { row in
        let index = Int(row.location.row)
        return index >= sidecar.rows.count
          || sidecar.rows[index]
            != Sidecar.Row(key: row.key, checksum: row.location.checksum)
      }
      guard checksum == entry.sidecar, sidecar.rows.count == Int(entry.rows), !disagreeing else {
        throw .damagedShard(
          folder.file(ShardName.sidecar(number)), "the sidecar and the index disagree")
      }
    } catch {
      report.problems.append(error)
    }
    // One row at a time, so that each damaged row is named.
    for row in rows.sorted(by: { $0.location.row < $1.location.row }) {
      do throws(FeatureCacheError) {
        try withBytes(of: row) { _ in }
        report.rowsChecked += 1
      } catch {
        report.problems.append(error)
        // A shard that does not open says so once, not once a row.
        if error.code != .damagedRow { break }
      }
    }
  }

  private func remark(
    on shards: [UInt32: ShardEntry], _ report: inout VerificationReport
  ) throws(FeatureCacheError) {
    let own = [DescriptorFile.name, WriterLock.name, FeatureCache.indexFolder]
    var orphans: Set<UInt32> = []
    for name in try folder.names() where !own.contains(name) {
      if let number = ShardName.number(in: name) {
        if let entry = shards[number], entry.isRetired {
          report.remarks.append("\(name): replaced by a compaction; the next writer removes it")
        } else if shards[number] == nil {
          orphans.insert(number)
        }
      } else if GenerationName.number(in: name) != nil {
        // Another generation, to be checked by itself.
        continue
      } else if GenerationName.droppedNumber(in: name) != nil {
        report.remarks.append("\(name): a generation being removed; the next removal ends it")
      } else if ShardName.isSetAside(name) {
        report.remarks.append("\(name): set aside by a repair; remove it when it is not missed")
      } else if FeatureCache.isTemporary(name) {
        report.remarks.append("\(name): left by a writer; the next writer removes it")
      } else {
        report.remarks.append("\(name): not a file of the cache")
      }
    }
    // Another process may have committed them since.
    let now = try index.shards()
    for number in orphans.sorted() where now[number] == nil { check(orphan: number, &report) }
  }

  private func check(orphan number: UInt32, _ report: inout VerificationReport) {
    let name = ShardName.sidecar(number)
    do throws(FeatureCacheError) {
      let (sidecar, _) = try Sidecar.read(
        number, from: folder, fingerprint: descriptor.fingerprint)
      guard sidecar.rows.isEmpty || folder.contains(ShardName.vectors(number)) else {
        report.remarks.append("\(name): without its vectors; the next writer removes it")
        return
      }
      let damaged = try sidecar.damagedRows(in: folder, descriptor)
      report.problems += damaged.sorted { $0.key < $1.key }.map(\.value)
      report.remarks.append("\(name): not in the index; the next writer takes it in")
    } catch {
      if error.code != .notFound {
        report.problems.append(error)
      } else if folder.contains(ShardName.vectors(number)) {
        // A writer puts the sidecar in place first, so these are not being written.
        report.problems.append(.damagedShard(folder.file(name), "the sidecar is missing"))
      }
    }
  }
}
