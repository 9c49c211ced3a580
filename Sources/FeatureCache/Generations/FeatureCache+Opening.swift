extension FeatureCache {
  /// Opens one generation of a cache.
  ///
  /// For writing, it first removes temporary files of a crashed writer and takes shards into the
  /// index that a crash kept out of it.
  ///
  /// - Parameters:
  ///   - descriptor: what the caller will look up or add, which picks the generation.
  ///   - generation: its number. Without either, the newest one, that is the one made last.
  /// - Throws: `descriptorMismatch` naming the fields that differ, `writerBusy`, `indexMissing`,
  ///   `damagedIndex` and others.
  /// - Complexity: reads the whole index once, about a microsecond for each 4 KiB page.
  package static func open(
    at path: String, descriptor expected: FeatureCacheDescriptor? = nil, generation: Int? = nil,
    mode: Mode = .read, initialMapBytes: Int = 1 << 26
  ) throws(FeatureCacheError) -> FeatureCache {
    let chosen = try Self.generation(at: path, holding: expected, number: generation)
    return try open(Folder(chosen.path), mode: mode, initialMapBytes: initialMapBytes)
  }

  /// Opens the generation of this descriptor for writing. Where there is none it makes the next,
  /// or the cache; nothing of the other generations changes.
  ///
  /// - Parameter keepingElementType: whether a generation that differs only in how a number is
  ///   stored will do.
  package static func openOrCreate(
    at path: String, descriptor: FeatureCacheDescriptor, keepingElementType: Bool = false
  ) throws(FeatureCacheError) -> FeatureCache {
    let root = Folder(path)
    func match(_ all: [CacheGeneration]) -> Folder? {
      let exact = all.last { $0.descriptor == descriptor }
      let near = all.last { $0.descriptor?.differsOnlyInStorage(from: descriptor) == true }
      return (exact ?? (keepingElementType ? near : nil)).map { Folder($0.path) }
    }
    if let found = match(try existingGenerations(in: root)) {
      return try open(found, mode: .write)
    }
    try root.create()
    let lock = try GenerationLock(root)
    defer { _ = lock }
    // Another process may have made it meanwhile.
    let all = try existingGenerations(in: root)
    if let found = match(all) { return try open(found, mode: .write) }
    // One that cannot be read might be it.
    for generation in all { _ = try generation.description.get() }
    try finishDrops(in: root)
    guard let newest = all.last else { return try create(at: root.path, descriptor: descriptor) }
    let folder = Folder(root.file(GenerationName.folder(newest.number + 1)))
    let cache = try create(at: folder.path, descriptor: descriptor)
    try root.synchronize()
    return cache
  }
}
