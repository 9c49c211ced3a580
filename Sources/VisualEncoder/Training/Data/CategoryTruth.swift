import Tensors

/// Which category rows of an encoder are true of each picture.
package struct CategoryTruth: Sendable {
  /// Rows 1 ... count of the codes, a list for each picture; empty where none is true.
  package let rows: [[Int32]]
  /// Categories besides the unknown one.
  package let count: Int

  /// A picture is of the category that its manifest says, or of those that are named as its classes.
  package init(_ images: LabelledImages, categories: [String]) {
    let known = Dictionary(
      categories.enumerated().map { ($1, Int32($0 + 1)) }, uniquingKeysWith: { first, _ in first })
    count = categories.count
    rows = images.images.map { image in
      if let category = image.category { return known[category].map { [$0] } ?? [] }
      return image.labels.compactMap { known[images.classes[$0]] }.sorted()
    }
  }

  /// A category for a picture: half of the time a true one, else any other.
  func question(
    _ image: Int, random: inout RandomStream
  ) -> (row: Int32, verdict: Scalar) {
    let own = rows[image]
    let takesOwn = random.nextUniform() < 0.5
    if !own.isEmpty, takesOwn || own.count >= count {
      return (own[random.next(below: own.count)], 1)
    }
    // A number among those that are not its own, then past its own ones up to it.
    var row = Int32(random.next(below: max(count - own.count, 1))) + 1
    for known in own where row >= known { row += 1 }
    return (row, 0)
  }
}
