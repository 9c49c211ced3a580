import CKernels

/// Boosted regression trees as flat arrays, read from XGBoost's own file and scored without it.
///
/// A value without mutable state: any number of tasks may score with one.
package struct TreeEnsemble: Sendable {
  /// Names of the columns it reads; empty where the file has none.
  package let features: [String]
  /// Number of columns it reads.
  package let featureCount: Int
  /// XGBoost's name of what it was trained for.
  package let objective: String
  /// What every row starts from.
  package let baseMargin: Float
  /// Texts kept with the model.
  package let attributes: [String: String]
  /// One for each split, in the order of the file: what importance is counted from.
  let splits: [TreeSplit]
  let nodes: [vitrine_tree_node]
  let trees: [vitrine_tree]
  /// Bits of the sets of categories, and where each set starts; one more at the end.
  let words: [UInt32]
  let starts: [UInt32]

  /// Number of trees.
  package var treeCount: Int { trees.count }

  /// Margins of rows `[count, featureCount]`, row-major; NaN is missing. O(rows · trees · depth).
  package func margins(_ rows: [Float]) -> [Float] {
    var margins = [Float](
      repeating: baseMargin, count: featureCount == 0 ? 0 : rows.count / featureCount)
    add(to: &margins, rows)
    return margins
  }

  /// Adds the leaves that each row reaches, tree after tree, as XGBoost adds them: the same numbers
  /// to the last bit.
  package func add(to margins: inout [Float], _ rows: [Float]) {
    precondition(
      rows.count == margins.count * featureCount,
      "\(margins.count) rows of \(featureCount) columns need \(margins.count * featureCount)"
        + " numbers, not \(rows.count).")
    unsafe rows.withUnsafeBufferPointer { rows in
      unsafe margins.withUnsafeMutableBufferPointer { unsafe add(to: $0, rows) }
    }
  }

  private func add(
    to margins: UnsafeMutableBufferPointer<Float>, _ rows: UnsafeBufferPointer<Float>
  ) {
    unsafe nodes.withUnsafeBufferPointer { nodes in
      unsafe trees.withUnsafeBufferPointer { trees in
        unsafe words.withUnsafeBufferPointer { words in
          unsafe starts.withUnsafeBufferPointer { starts in
            unsafe vitrine_add_leaves(
              nodes.baseAddress, trees.baseAddress, trees.count, words.baseAddress,
              starts.baseAddress, rows.baseAddress, featureCount, margins.count,
              margins.baseAddress)
          }
        }
      }
    }
  }
}

/// A split of some tree.
struct TreeSplit: Sendable, Hashable {
  /// The column that decides.
  var feature: Int32
  /// How much it lowered the objective.
  var gain: Float
  /// Sum of the second derivatives of the rows that reached it.
  var cover: Float
}
