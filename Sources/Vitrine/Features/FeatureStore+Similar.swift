import FeatureCache
import Tensors

extension FeatureStore {
  /// The items nearest to one query.
  public struct Neighbours: Sendable, Codable {
    /// An item and how near it is.
    public struct Item: Sendable, Codable {
      /// Its id.
      public var item: String
      /// The cosine of the angle between the two vectors, from -1 to 1.
      public var cosine: Float
    }

    /// The item asked for, or the row of a file of vectors.
    public var query: String
    /// Best first.
    public var items: [Item]
  }

  /// What is asked for.
  public enum Query: Sendable {
    /// Items of the cache, which are not among their own neighbours.
    case items([String])
    /// The rows of a `.npy` file, `[D]` or `[N, D]`.
    case file(String)
  }

  /// The posters nearest to each query by cosine, exactly: every vector is compared, and checked
  /// against its checksum.
  ///
  /// - Throws: `VitrineError` for an item without a vector; the cache's own error, as for damage.
  /// - Complexity: reads the whole generation once, on all cores, for all queries together.
  public static func similar(
    _ path: String, to query: Query, top: Int = 10, generation: Int? = nil
  ) throws -> [Neighbours] {
    let cache = try FeatureCache.open(at: path, generation: generation)
    var names: [String] = []
    var vectors: [[Float]] = []
    var omitted: Set<String> = []
    switch query {
    case .items(let items):
      for item in items {
        guard let vector = try cache.vector(forItem: item) else {
          throw VitrineError(
            "\(cache.path): no vector for item \"\(item)\"",
            remedy: "vitrine cache export lists the items that have one.")
        }
        names.append(item)
        vectors.append(vector)
      }
      omitted = Set(items)
    case .file(let path):
      vectors = try rows(of: path, width: cache.descriptor.width)
      names = vectors.indices.map { "\(path)[\($0)]" }
    }
    // An item is left out of its own neighbours only, so one more is asked for.
    let found = try cache.similar(to: vectors, top: top + (omitted.isEmpty ? 0 : 1))
    return zip(names, found).map { name, neighbours in
      let others = neighbours.filter { omitted.isEmpty || $0.item != name }
      return Neighbours(
        query: name,
        items: others.prefix(top).map { .init(item: $0.item, cosine: $0.cosine) })
    }
  }

  private static func rows(of path: String, width: Int) throws -> [[Float]] {
    let array = try NumpyArray.read(path)
    guard (1...2).contains(array.shape.count), array.shape.last == width else {
      throw VitrineError(
        "\(path): the shape is \(array.shape), and the cache's vectors have \(width) numbers",
        remedy: "Give one vector [\(width)], or several [N, \(width)].")
    }
    let numbers: [Float]
    switch array.elements {
    case .float32(let values): numbers = values
    case .float16(let bits): numbers = FeatureCache.decode(halves: bits)
    case .uint8:
      throw VitrineError(
        "\(path): the numbers are uint8, so they are no features", remedy: "Give float32.")
    }
    return stride(from: 0, to: numbers.count, by: width).map { Array(numbers[$0..<$0 + width]) }
  }
}
