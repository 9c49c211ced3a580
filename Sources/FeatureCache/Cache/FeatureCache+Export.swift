extension FeatureCache {
  /// Writes `features.npy` (float32, `[N, width]`) and `ids.txt`, row for row, in the byte order of
  /// the ids. The same content gives the same bytes, in whatever order it was committed. An export
  /// that is cut off leaves the earlier one, or features without ids, but never ids of other rows.
  ///
  /// - Returns: the number of rows.
  @discardableResult
  package func export(toDirectory directory: String) throws(FeatureCacheError) -> Int {
    let output = Folder(directory)
    try output.create()
    let items = try sortedItems()
    let width = descriptor.width
    let header = NumpyHeader.bytes(rows: items.count, width: width, type: .float32)
    let needed =
      header.count + 4 * width * items.count
      + items.reduce(0) { $0 + $1.item.bytes.count + 1 }
    let free = freeBytes(at: output.path)
    guard free >= needed else { throw .diskFull(output.path, needed: needed, free: free) }
    do throws(FeatureCacheError) {
      try prepare(items, header: header, in: output)
      // From here until both are in place there are no ids to mistake for those of the new rows.
      try output.removeFile(FeatureCache.idsFile)
      try output.synchronize()
      try output.publish(FeatureCache.featuresFile)
      try output.synchronize()
      try output.publish(FeatureCache.idsFile)
      try output.synchronize()
    } catch {
      output.discard([FeatureCache.featuresFile, FeatureCache.idsFile])
      throw error
    }
    return items.count
  }

  private static let featuresFile = "features.npy"
  private static let idsFile = "ids.txt"

  /// Writes both files under temporary names.
  private func prepare(
    _ items: [ItemRow], header: [UInt8], in output: Folder
  ) throws(FeatureCacheError) {
    let width = descriptor.width
    try output.prepare(FeatureCache.featuresFile) { file throws(FeatureCacheError) in
      try file.write(header)
      let rowsAtOnce = max(1, (1 << 20) / (4 * width))
      var numbers = [Float](repeating: 0, count: rowsAtOnce * width)
      var start = 0
      while start < items.count {
        let part = items[start..<min(start + rowsAtOnce, items.count)]
        try numbers.withUnsafeMutableBufferPointer { numbers throws(FeatureCacheError) in
          guard let base = numbers.baseAddress else { return }
          for (position, item) in part.enumerated() {
            try withBytes(of: item.row) { format.decode($0, to: base + position * width) }
          }
          try file.write(
            UnsafeRawBufferPointer(start: base, count: 4 * width * part.count))
        }
        start = part.endIndex
      }
    }
    try output.prepare(FeatureCache.idsFile) { file throws(FeatureCacheError) in
      var text: [UInt8] = []
      for item in items {
        text += item.item.bytes
        text.append(10)
      }
      try file.write(text)
    }
  }
}
