import Glibc

/// The two meta pages of an LMDB file, read without LMDB: it believes what they say, and a file
/// shorter than they claim ends the process with SIGBUS on the first read.
struct IndexHeader {
  /// One of LMDB's trees, as its 48-byte record describes it.
  struct Tree: Equatable {
    var pad: UInt32
    var flags: UInt16
    var depth: UInt16
    var branchPages: UInt64
    var leafPages: UInt64
    var overflowPages: UInt64
    var entries: UInt64
    var root: UInt64

    static let byteCount = 48
    static let noRoot = UInt64.max

    init?(_ bytes: UnsafeRawBufferPointer) {
      var reader = ByteReader(bytes)
      guard let pad = reader.next(UInt32.self), let flags = reader.next(UInt16.self),
        let depth = reader.next(UInt16.self), let branchPages = reader.next(UInt64.self),
        let leafPages = reader.next(UInt64.self), let overflowPages = reader.next(UInt64.self),
        let entries = reader.next(UInt64.self), let root = reader.next(UInt64.self)
      else { return nil }
      self.pad = pad
      self.flags = flags
      self.depth = depth
      self.branchPages = branchPages
      self.leafPages = leafPages
      self.overflowPages = overflowPages
      self.entries = entries
      self.root = root
    }
  }

  /// The state of the database after one commit.
  struct Meta {
    let free: Tree
    let main: Tree
    let lastPage: UInt64
    let transaction: UInt64
  }

  let pageSize: Int
  /// The newer of the two.
  let meta: Meta

  static let dataFile = "data.mdb"

  /// - Throws: `indexMissing`; `indexReplaced` where the file is not the one of `identity`.
  static func open(
    _ folder: Folder, _ identity: IndexIdentity? = nil
  ) throws(FeatureCacheError) -> OpenFile {
    let path = folder.file(dataFile)
    let file = try OpenFile(reading: path, orElse: .missingIndex(path))
    if let identity {
      guard try IndexIdentity(descriptor: file.descriptor, path: path) == identity else {
        throw .replacedIndex(path)
      }
    }
    return file
  }

  /// Reads and checks both meta pages.
  static func read(_ file: borrowing OpenFile) throws(FeatureCacheError) -> IndexHeader {
    // A writer in another process may be storing a meta page right now: look again before
    // calling it damage.
    for _ in 0..<3 {
      if let header = try? check(file) { return header }
      usleep(2000)
    }
    return try check(file)
  }

  private static func check(_ file: borrowing OpenFile) throws(FeatureCacheError) -> IndexHeader {
    let (pageSize, first) = try page(file, at: 0, index: 0)
    let (otherSize, second) = try page(file, at: pageSize, index: 1)
    guard pageSize == otherSize else {
      throw .damagedIndex(file.path, "page sizes \(pageSize) and \(otherSize)")
    }
    // Commit n goes to meta page n mod 2, so the two always hold neighbours.
    let newer = first.transaction > second.transaction ? first : second
    let older = first.transaction > second.transaction ? second : first
    let fresh = newer.transaction == 0
    guard fresh || newer.transaction - older.transaction == 1,
      first.transaction % 2 == 0, fresh || second.transaction % 2 == 1
    else {
      throw .damagedIndex(
        file.path, "commit numbers \(first.transaction) and \(second.transaction)")
    }
    guard newer.free.flags == 8, newer.main.flags == 0, newer.main.pad == 0 else {
      throw .damagedIndex(file.path, "unknown table flags")
    }
    let header = IndexHeader(pageSize: pageSize, meta: newer)
    try header.checkPageCount(of: newer, in: file)
    return header
  }

  /// LMDB may count pages beyond the end of the file: those taken and freed again in one commit are
  /// never written. Which of them are in use, only a walk tells; here their number is bounded, as
  /// it decides how much memory the map and the walk take.
  func checkPageCount(of meta: Meta, in file: borrowing OpenFile) throws(FeatureCacheError) {
    let pages = UInt64(try file.length() / pageSize)
    guard meta.lastPage <= 2 * pages + IndexHeader.mostUnwrittenPages else {
      throw .damagedIndex(
        file.path, "\(meta.lastPage) pages are counted, and the file holds \(pages)")
    }
  }

  private static let mostUnwrittenPages: UInt64 = 1 << 16

  /// The meta page of one commit; nil when a later commit has replaced it.
  func meta(of transaction: UInt64, in file: borrowing OpenFile) throws(FeatureCacheError) -> Meta?
  {
    let index = Int(transaction & 1)
    let (_, meta) = try IndexHeader.page(file, at: index * pageSize, index: index)
    return meta.transaction == transaction ? meta : nil
  }

  private static func page(
    _ file: borrowing OpenFile, at offset: Int, index: Int
  ) throws(FeatureCacheError) -> (pageSize: Int, meta: Meta) {
    var bytes = [UInt8](repeating: 0, count: 152)
    let count = try unsafeBytes(of: &bytes) { buffer throws(FeatureCacheError) in
      try file.read(at: offset, into: buffer)
    }
    guard count == bytes.count else {
      throw .damagedIndex(file.path, "the file is cut short: no meta page \(index)")
    }
    let fields = bytes.withUnsafeBytes { bytes -> (Int, Meta)? in
      var reader = ByteReader(bytes)
      guard reader.next(UInt64.self) == UInt64(index), reader.next(UInt16.self) == 0,
        reader.next(UInt16.self) == 8, reader.next(UInt32.self) != nil,
        reader.next(UInt32.self) == 0xBEEF_C0DE, reader.next(UInt32.self) == 1,
        reader.next(UInt64.self) == 0, let mapSize = reader.next(UInt64.self), mapSize < 1 << 46,
        let freeBytes = reader.next(count: Tree.byteCount), let free = Tree(freeBytes),
        let mainBytes = reader.next(count: Tree.byteCount), let main = Tree(mainBytes),
        let lastPage = reader.next(UInt64.self), let transaction = reader.next(UInt64.self),
        lastPage >= 1, lastPage < 1 << 40,
        (512...65536).contains(free.pad), free.pad.nonzeroBitCount == 1
      else { return nil }
      return (
        Int(free.pad), Meta(free: free, main: main, lastPage: lastPage, transaction: transaction)
      )
    }
    guard let fields else { throw .damagedIndex(file.path, "meta page \(index) is not valid") }
    return fields
  }
}
