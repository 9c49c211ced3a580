import Tensors

/// Lets categories with few pictures start from their parent's code: a code that is hardly trained is
/// then the parent's, and no noise of its own.
package struct RareCategories: Sendable {
  /// Categories with fewer pictures are rare.
  package var leastImages: Int
  /// The parent of a category by name; the unknown one where none is given.
  package var parents: [String: String]

  package init(leastImages: Int, parents: [String: String] = [:]) {
    (self.leastImages, self.parents) = (leastImages, parents)
  }

  /// - Parameter counts: pictures of each category, in the order of the configuration.
  /// - Returns: The weights, and the names of the categories that share a code.
  /// - Throws: `invalidConfiguration` where a parent is no category.
  package func share(
    _ weights: EncoderWeights, _ configuration: EncoderConfiguration, counts: [Int]
  ) throws(VisualEncoderError) -> (weights: EncoderWeights, shared: [String]) {
    guard configuration.attention == .category else { return (weights, []) }
    let rows = Dictionary(
      configuration.categories.enumerated().map { ($1, $0 + 1) },
      uniquingKeysWith: { first, _ in first })
    var sources: [(row: Int, parent: Int)] = []
    for (index, name) in configuration.categories.enumerated() {
      let parent = parents[name]
      if let parent, rows[parent] == nil {
        throw VisualEncoderError(
          .invalidConfiguration, path: "categories",
          reason: "\"\(parent)\", the parent of \"\(name)\", is no category; name one of them")
      }
      guard counts[index] < leastImages else { continue }
      sources.append((index + 1, parent.flatMap { rows[$0] } ?? 0))
    }
    // Parents with few pictures themselves pass on what they got: theirs must be copied first.
    let parentOf = Dictionary(
      sources.map { ($0.row, $0.parent) }, uniquingKeysWith: { first, _ in first })
    func origin(_ row: Int) -> Int {
      var (row, steps) = (row, 0)
      while let parent = parentOf[row], steps <= parentOf.count {
        (row, steps) = (parent, steps + 1)
      }
      // A circle of parents has no code to begin from.
      return steps > parentOf.count ? 0 : row
    }
    var tensors = weights.tensors
    for (name, tensor) in weights.tensors where name.hasSuffix(".code") {
      var values = tensor.floats
      let width = tensor.count / max(tensor.shape[0], 1)
      for source in sources {
        let from = origin(source.parent) * width
        values.replaceSubrange(
          source.row * width..<(source.row + 1) * width, with: tensor.floats[from..<from + width])
      }
      tensors[name] = StoredTensor(shape: tensor.shape, floats: values)
    }
    return (
      try EncoderWeights(tensors, for: configuration, path: "categories"),
      sources.map { configuration.categories[$0.row - 1] }
    )
  }
}
