/// The vectors of one shard, open for reading. Opening compares header and length with what the
/// index expects; reading goes through `pread`, so even a file cut short later is only an error.
final class ShardFile: Sendable {
  let rows: Int
  private let file: OpenFile
  private let dataOffset: Int
  private let rowBytes: Int

  var path: String { file.path }

  init(
    _ number: UInt32, rows: Int, folder: Folder, descriptor: FeatureCacheDescriptor
  ) throws(FeatureCacheError) {
    let path = folder.file(ShardName.vectors(number))
    file = try OpenFile(reading: path, orElse: .damagedShard(path, "the file is missing"))
    self.rows = rows
    rowBytes = descriptor.rowByteCount
    let header = NumpyHeader.bytes(
      rows: rows, width: descriptor.width, type: descriptor.elementType)
    dataOffset = header.count
    let length = try file.length()
    let expected = header.count + rows * rowBytes
    guard length == expected else {
      throw .damagedShard(path, "\(length) bytes, \(rows) rows need \(expected)")
    }
    var found = [UInt8](repeating: 0, count: header.count)
    let count = try unsafeBytes(of: &found) { buffer throws(FeatureCacheError) in
      try file.read(at: 0, into: buffer)
    }
    guard count == header.count, found == header else {
      throw .damagedShard(path, "the numpy header is not the one for \(rows) rows")
    }
  }

  /// Reads consecutive rows; `buffer` has room for exactly those.
  func read(
    rows range: Range<Int>, into buffer: UnsafeMutableRawBufferPointer
  ) throws(FeatureCacheError) {
    guard range.lowerBound >= 0, range.upperBound <= rows else {
      throw .damagedShard(path, "rows \(range) of \(rows)")
    }
    precondition(
      buffer.count == range.count * rowBytes,
      "\(range.count) rows of \(rowBytes) bytes in a buffer of \(buffer.count)")
    let count = try file.read(at: dataOffset + range.lowerBound * rowBytes, into: buffer)
    guard count == buffer.count else {
      throw .damagedShard(path, "the file was cut short while open")
    }
  }
}
