extension FeatureCache {
  /// Writes all items as one file that other tools read, row for row in the byte order of the ids,
  /// and for a matrix `ids.txt` beside it. The same content gives the same bytes, in whatever order
  /// it was committed. An export that is cut off leaves the earlier one, or features without ids,
  /// but never ids of other rows.
  ///
  /// - Returns: the number of rows.
  /// - Throws: `damagedRow` and `damagedShard`, with nothing changed; `diskFull` before anything is
  ///   written; `exportInTheWay` where a matrix of another format lies there with other ids.
  /// - Complexity: memory for a megabyte of rows, whatever the number of items.
  @discardableResult
  package func export(
    toDirectory directory: String, format: ExportFormat = .npy
  ) throws(FeatureCacheError) -> Int {
    let output = Folder(directory)
    try output.create()
    let names = format.hasIDsFile ? [format.fileName, ExportFormat.idsFile] : [format.fileName]
    do throws(FeatureCacheError) {
      let rows = try followingCompaction { () throws(FeatureCacheError) in
        try prepare(format, in: output)
      }
      if format.hasIDsFile {
        try refuseOtherMatrix(format, in: output)
        // From here until both are in place there are no ids to mistake for those of the new rows.
        try output.removeFile(ExportFormat.idsFile)
        try output.synchronize()
      }
      for name in names {
        try output.publish(name)
        try output.synchronize()
      }
      return rows
    } catch {
      output.discard(names)
      throw error
    }
  }

  /// Writes the files under temporary names.
  private func prepare(_ format: ExportFormat, in output: Folder) throws(FeatureCacheError) -> Int {
    try index.read { transaction throws(FeatureCacheError) in
      let rows = try transaction.count(.items)
      let items = try ItemStream(transaction)
      let header = format.header(rows: rows, descriptor)
      let needed = header.count + 4 * descriptor.width * rows + items.idBytes + rows
      let free = freeBytes(at: output.path)
      guard free >= needed else { throw .diskFull(output.path, needed: needed, free: free) }
      try output.prepare(format.fileName) { file throws(FeatureCacheError) in
        try file.write(header)
        var writer = ExportWriter(format, width: descriptor.width)
        let reader = RowReader(self)
        try items.forEach(transaction) { item, row throws(FeatureCacheError) in
          try writer.add(item, to: file) { numbers throws(FeatureCacheError) in
            try reader.read(row, transaction, to: numbers)
          }
        }
        try writer.flush(to: file)
      }
      guard format.hasIDsFile else { return rows }
      try output.prepare(ExportFormat.idsFile) { file throws(FeatureCacheError) in
        var text: [UInt8] = []
        try items.forEach(transaction) { item, _ throws(FeatureCacheError) in
          text += item.bytes
          text.append(10)
          guard text.count >= 1 << 20 else { return }
          try file.write(text)
          text.removeAll(keepingCapacity: true)
        }
        try file.write(text)
      }
      return rows
    }
  }

  /// Two matrices may share their ids, but only the same ones.
  private func refuseOtherMatrix(
    _ format: ExportFormat, in output: Folder
  ) throws(FeatureCacheError) {
    let others = ExportFormat.allCases.filter { $0 != format && $0.hasIDsFile }
    guard let other = others.first(where: { output.contains($0.fileName) }),
      output.contains(ExportFormat.idsFile),
      try !output.areEqual(ExportFormat.idsFile, ExportFormat.idsFile + Folder.temporarySuffix)
    else { return }
    throw FeatureCacheError(
      code: .exportInTheWay, path: output.file(other.fileName),
      message:
        "its rows have other ids than this export, and both would use \(ExportFormat.idsFile)",
      advice: "Export to another folder, or remove it")
  }
}
