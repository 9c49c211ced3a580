extension FeatureCache {
  /// Removes a generation with all its vectors. Handles that have it open end with clear errors;
  /// the other generations are not touched. A removal that was cut off is completed by the next
  /// call, or the next new generation.
  ///
  /// - Throws: `notFound`; `lastGeneration` for the only one; `writerBusy` where it is being
  ///   written.
  package static func drop(generation number: Int, at path: String) throws(FeatureCacheError) {
    let root = Folder(path)
    let all = try generations(at: path)
    let lock = try GenerationLock(root)
    defer { _ = lock }
    try finishDrops(in: root)
    guard let generation = all.first(where: { $0.number == number }) else {
      throw noGeneration(number, among: all, path)
    }
    guard all.count > 1 else {
      throw FeatureCacheError(
        code: .lastGeneration, path: path, message: "generation \(number) is the only one",
        advice: "To remove the whole cache, remove its folder")
    }
    let writer = try WriterLock(Folder(generation.path))
    defer { _ = writer }
    if number == GenerationName.first {
      let grave = Folder(root.file(GenerationName.dropped(number)))
      try grave.create()
      try grave.replace(dropMark, with: [])
      try root.move(DescriptorFile.name, to: grave)
    } else {
      try root.move(
        GenerationName.folder(number), to: root, as: GenerationName.dropped(number))
    }
    try root.synchronize()
    try finishDrops(in: root)
  }

  /// Stands in the folder of a first generation that is being removed, until all its files are.
  private static let dropMark = "dropped"

  /// Whether the files that still lie in the cache's own folder are waiting for their removal.
  static func isFirstBeingDropped(_ root: Folder) -> Bool {
    !root.contains(DescriptorFile.name)
      && Folder(root.file(GenerationName.dropped(GenerationName.first))).contains(dropMark)
  }

  /// Completes removals that were cut off. Only the holder of the generation lock may.
  static func finishDrops(in root: Folder) throws(FeatureCacheError) {
    let graves = try root.names { GenerationName.droppedNumber(in: $0) != nil }
    guard !graves.isEmpty else { return }
    if isFirstBeingDropped(root) {
      let grave = Folder(root.file(GenerationName.dropped(GenerationName.first)))
      for name in try root.names(where: isPartOfCache) { try root.move(name, to: grave) }
      try root.synchronize()
    }
    for name in graves { try root.remove(name) }
    try root.synchronize()
  }

  private static func isPartOfCache(_ name: String) -> Bool {
    name == indexFolder || ShardName.number(in: name) != nil || ShardName.isSetAside(name)
      || isTemporary(name)
  }
}
