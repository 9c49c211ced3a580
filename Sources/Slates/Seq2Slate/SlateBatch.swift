import Tensors

/// Lists of different lengths side by side, for training.
///
/// Time-major: candidate `i` of list `b` is row `i · lists + b`, so that one LSTM step reads
/// consecutive rows. Rows beyond a list's end are padding; nothing reads them.
package struct SlateBatch {
  /// The lists in their order.
  package let lists: [SlateList]
  /// The longest list.
  package let steps: Int
  /// [steps · lists, 3 + features]
  let numeric: Tensor
  /// Category rows; -1 in the padding.
  let categories: [Int32]
  /// Visual vectors of the candidates that have one, each once per candidate: [present, inputs].
  let vectors: Tensor
  /// Rows of `vectors`; -1 without an image and in the padding.
  let vectorRows: [Int32]
  /// How near the candidates of each list lie to each other; empty if the model does not ask.
  package let spaces: [CandidateSpaces]

  /// - Parameter steps: At least the longest list; more adds padding.
  package init(
    _ lists: [SlateList], _ features: SlateFeatures, steps: Int? = nil
  ) throws(SlateError) {
    let longest = lists.lazy.map(\.count).max() ?? 0
    let steps = max(steps ?? 0, longest)
    let rows = steps * lists.count
    let numericWidth = features.numericWidth
    var numeric = [Scalar](repeating: 0, count: rows * numericWidth)
    var categories = [Int32](repeating: -1, count: rows)
    var vectorRows = [Int32](repeating: -1, count: rows)
    var vectors: [Scalar] = []
    var present: Int32 = 0
    for (b, list) in lists.enumerated() {
      let listCategories = features.categories(of: list)
      let visualRows = try features.visualRows(of: list)
      let listNumeric = try features.numeric(of: list, visualRows: visualRows)
      for i in 0..<list.count {
        let row = i * lists.count + b
        categories[row] = listCategories[i]
        for k in 0..<numericWidth {
          numeric[row * numericWidth + k] = listNumeric[i * numericWidth + k]
        }
        guard visualRows[i] >= 0 else { continue }
        vectorRows[row] = present
        present += 1
      }
      vectors += try features.vectors(of: list, visualRows)
    }
    self.lists = lists
    spaces = features.comparesCandidates ? lists.map { CandidateSpaces($0, features) } : []
    self.steps = steps
    self.numeric = Tensor(numeric, shape: [rows, numericWidth])
    self.categories = categories
    self.vectors = Tensor(vectors, shape: [Int(present), features.visualInputs])
    self.vectorRows = vectorRows
  }

  /// The row of a candidate.
  func row(list: Int, candidate: Int) -> Int32 { Int32(candidate * lists.count + list) }
}
