/// One generation of a cache: all vectors of one encoder, preprocessing, precision and element
/// type. A cache gets another generation when one of them changes, so that vectors never mix.
package struct CacheGeneration: Sendable {
  /// From 1; a higher number was made later.
  package let number: Int
  /// The folder that holds it, a complete cache by itself.
  package let path: String
  /// What it holds, or why that cannot be told.
  package let description: Result<FeatureCacheDescriptor, FeatureCacheError>

  package var descriptor: FeatureCacheDescriptor? { try? description.get() }

  /// The generation in a folder; nil where there is no cache, or only the beginnings of one.
  init?(_ number: Int, in folder: Folder) {
    do throws(FeatureCacheError) {
      description = .success(try DescriptorFile.read(from: folder))
    } catch {
      // Shards without a description are a cache that has lost it.
      let holdsShards = (try? folder.contains { ShardName.number(in: $0) != nil }) ?? true
      guard error.code != .notFound || holdsShards else { return nil }
      description = .failure(error)
    }
    self.number = number
    path = folder.path
  }

  /// In one line, for the list in an error.
  func difference(from expected: FeatureCacheDescriptor) -> String {
    guard let descriptor else { return "generation \(number) cannot be read" }
    let list = descriptor.differences(from: expected)
    return "in generation \(number), \(list.joined(separator: ", "))"
  }
}

extension FeatureCache {
  /// The generations of a cache, oldest first. Reads their descriptions only.
  ///
  /// - Throws: `notFound` where there is no cache.
  package static func generations(at path: String) throws(FeatureCacheError) -> [CacheGeneration] {
    let found = try existingGenerations(in: Folder(path))
    guard !found.isEmpty else { throw DescriptorFile.missing(Folder(path)) }
    return found
  }

  /// The same, without a complaint where there is none.
  static func existingGenerations(in root: Folder) throws(FeatureCacheError) -> [CacheGeneration] {
    guard root.contains("") else { return [] }
    let names = try root.names { $0.hasPrefix(GenerationName.prefix) }
    var found = names.compactMap(GenerationName.number(in:)).sorted().compactMap {
      CacheGeneration($0, in: Folder(root.file(GenerationName.folder($0))))
    }
    if !isFirstBeingDropped(root), let first = CacheGeneration(GenerationName.first, in: root) {
      found.insert(first, at: 0)
    }
    return found
  }

  /// The generation that a caller means: by number, by what it holds, or the newest.
  ///
  /// - Throws: `notFound`; `descriptorMismatch` naming what differs in each generation; and, where
  ///   a description is damaged that might be the one, that damage.
  package static func generation(
    at path: String, holding expected: FeatureCacheDescriptor? = nil, number: Int? = nil
  ) throws(FeatureCacheError) -> CacheGeneration {
    let all = try generations(at: path)
    var candidates = all
    if let number {
      candidates = all.filter { $0.number == number }
      if candidates.isEmpty { throw noGeneration(number, among: all, path) }
    }
    guard let newest = candidates.last else { throw DescriptorFile.missing(Folder(path)) }
    guard let expected else {
      _ = try newest.description.get()
      return newest
    }
    if let match = candidates.last(where: { $0.descriptor == expected }) { return match }
    for candidate in candidates { _ = try candidate.description.get() }
    if candidates.count == 1 { try newest.description.get().check(against: expected, path: path) }
    throw .descriptorMismatch(
      path, candidates.map { $0.difference(from: expected) }, isOnly: false)
  }

  static func noGeneration(
    _ number: Int, among all: [CacheGeneration], _ path: String
  ) -> FeatureCacheError {
    FeatureCacheError(
      code: .notFound, path: path, message: "there is no generation \(number)",
      advice: "It has \(all.map { String($0.number) }.joined(separator: ", ")); "
        + "vitrine cache info describes them")
  }
}
