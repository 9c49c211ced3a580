import CZlib

/// Inflates a gzip stream (RFC 1952) piece by piece, through any number of concatenated members, as
/// `cat a.gz b.gz` and parallel compressors make them.
///
/// zlib keeps a pointer back to its stream, so the stream has a fixed place in memory.
@safe final class Inflater {
  private let stream: UnsafeMutablePointer<z_stream>
  private let name: String?
  private var input: [UInt8] = []
  private var position = 0
  /// Whether the current member has ended.
  private var isAtBoundary = false

  /// The two bytes that every member starts with.
  static let magic: [UInt8] = [0x1F, 0x8B]

  init(name: String?) throws(RankingDataError) {
    self.name = name
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    // 15 bits of window, and 16 for gzip headers alone.
    let status = unsafe inflateInit2_(
      stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else {
      throw RankingDataError(
        .unreadable, file: name, problem: "zlib cannot start (status \(status)).",
        remedy: "Free some memory and try again.")
    }
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
  }

  /// Whether all that was fed has been inflated.
  var isHungry: Bool { position == input.count }

  /// Gives the next piece of the compressed file; only when hungry.
  func feed(_ bytes: [UInt8]) {
    input = bytes
    position = 0
  }

  /// Up to `count` more bytes; empty when hungry.
  /// - Throws: `RankingDataError` where the stream is damaged.
  func inflate(_ count: Int) throws(RankingDataError) -> [UInt8] {
    while !isHungry {
      if isAtBoundary {
        guard try startMember() else { return [] }
      }
      var status = Z_OK
      let output = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
        unsafe input.withUnsafeMutableBufferPointer { all in
          unsafe stream.pointee.next_in = all.baseAddress.map { unsafe $0 + position }
          unsafe stream.pointee.avail_in = UInt32(all.count - position)
          unsafe stream.pointee.next_out = buffer.baseAddress
          unsafe stream.pointee.avail_out = UInt32(count)
          status = unsafe CZlib.inflate(stream, Z_NO_FLUSH)
          position = unsafe all.count - Int(stream.pointee.avail_in)
          initialized = unsafe count - Int(stream.pointee.avail_out)
        }
      }
      isAtBoundary = status == Z_STREAM_END
      guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else {
        throw damage(unsafe stream.pointee.msg.map { unsafe String(cString: $0) } ?? "damaged data")
      }
      if !output.isEmpty { return output }
    }
    return []
  }

  /// Called at the end of the file.
  /// - Throws: `RankingDataError` where it ends inside a member.
  func finish() throws(RankingDataError) {
    guard !isAtBoundary else { return }
    throw damage("the file ends in the middle of the compressed data")
  }

  /// Between members: false where only padding is left.
  private func startMember() throws(RankingDataError) -> Bool {
    // Tapes and block devices pad with zeros.
    while position < input.count, input[position] == 0 { position += 1 }
    guard position < input.count else { return false }
    guard input[position] == Self.magic[0] else {
      throw damage("something that is no gzip member follows the data")
    }
    unsafe inflateReset(stream)
    isAtBoundary = false
    return true
  }

  private func damage(_ reason: String) -> RankingDataError {
    RankingDataError(
      .damaged, file: name, problem: "The gzip stream is broken: \(reason).",
      remedy: "Fetch or compress the file again; gzip --test checks it.")
  }
}
