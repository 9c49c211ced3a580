import CKernels

/// Puts stored trees into flat arrays, and refuses any that scoring could not walk safely: children
/// out of range, nodes with two parents, columns and categories that there are not.
struct TreeFlattening {
  private(set) var nodes: [vitrine_tree_node] = []
  private(set) var trees: [vitrine_tree] = []
  private(set) var splits: [TreeSplit] = []
  private(set) var words: [UInt32] = []
  private(set) var starts: [UInt32] = [0]
  private let featureCount: Int

  /// XGBoost's own limit: beyond it a float does not hold every category.
  private static let largestCategory = 1 << 24

  init(featureCount: Int) { self.featureCount = featureCount }

  /// Appends a tree, each node beside its sibling. O(nodes).
  mutating func append(_ tree: StoredTree) throws(BoostingError) {
    let root = nodes.count
    let sets = try categorySets(of: tree)
    nodes.append(vitrine_tree_node())
    // Pairs of a node of the file and its place here, level by level.
    var level: [(stored: Int, place: Int)] = [(0, root)]
    var seen = [Bool](repeating: false, count: tree.left.count)
    seen[0] = true
    var depth: UInt32 = 0
    while true {
      var next: [(stored: Int, place: Int)] = []
      for (stored, place) in level {
        guard tree.left[stored] != -1 else {
          nodes[place] = try leaf(tree, stored, place)
          continue
        }
        let children = [Int(tree.left[stored]), Int(tree.right[stored])]
        for child in children {
          guard seen.indices.contains(child), !seen[child] else {
            throw refusal("node \(stored) has the child \(child), which it cannot have")
          }
          seen[child] = true
        }
        nodes[place] = try split(tree, stored, sets[stored])
        next += zip(children, nodes.count...).map { ($0, $1) }
        nodes += [vitrine_tree_node(), vitrine_tree_node()]
      }
      if next.isEmpty { break }
      level = next
      depth += 1
    }
    guard nodes.count < Int(Int32.max) else { throw refusal("too many nodes") }
    trees.append(
      vitrine_tree(
        root: Int32(root), depth: depth,
        categorical: nodes[root...].contains(where: \.isCategorical)
          ? 1 : 0))
  }

  private func leaf(
    _ tree: StoredTree, _ stored: Int, _ place: Int
  ) throws(BoostingError) -> vitrine_tree_node {
    let value = tree.condition[stored]
    guard value.isFinite else { throw refusal("leaf \(stored) adds \(value)") }
    return vitrine_tree_node(
      threshold: .nan, left: Int32(truncatingIfNeeded: place), feature: 0,
      payload: value.bitPattern)
  }

  private mutating func split(
    _ tree: StoredTree, _ stored: Int, _ set: UInt32?
  ) throws(BoostingError) -> vitrine_tree_node {
    let feature = tree.feature[stored]
    guard (0..<featureCount).contains(Int(feature)) else {
      throw refusal("node \(stored) reads column \(feature) of \(featureCount)")
    }
    splits.append(
      TreeSplit(feature: feature, gain: tree.gain[stored], cover: tree.cover[stored]))
    var node = vitrine_tree_node(
      threshold: tree.condition[stored], left: Int32(truncatingIfNeeded: nodes.count),
      feature: UInt32(feature), payload: 0)
    if tree.defaultLeft[stored] == 0 { node.feature |= vitrine_tree_node.missingRight }
    if tree.splitType.isEmpty || tree.splitType[stored] == 0 {
      guard !node.threshold.isNaN else { throw refusal("node \(stored) splits at no number") }
    } else {
      guard let set else { throw refusal("node \(stored) splits by categories, but has none") }
      node.feature |= vitrine_tree_node.categories
      node.payload = set
    }
    return node
  }

  /// The set of each node that splits by categories, by node.
  private mutating func categorySets(
    of tree: StoredTree
  ) throws(BoostingError) -> [Int: UInt32] {
    var sets: [Int: UInt32] = [:]
    for (index, node) in tree.categoryNodes.enumerated() {
      let first = Int(tree.categoryStarts[index])
      let count = Int(tree.categoryCounts[index])
      guard first >= 0, count >= 0, first + count <= tree.categories.count else {
        throw refusal("node \(node) has categories outside the list")
      }
      let members = tree.categories[first..<first + count]
      guard members.allSatisfy({ (0..<Self.largestCategory).contains(Int($0)) }) else {
        throw refusal("node \(node) has a category out of range")
      }
      let start = words.count
      words += [UInt32](repeating: 0, count: Int(members.max() ?? -1) / 32 + 1)
      guard words.count < 1 << 26 else { throw refusal("too many categories") }
      for member in members { words[start + Int(member) / 32] |= 1 << (UInt32(member) % 32) }
      sets[Int(node)] = UInt32(starts.count - 1)
      starts.append(UInt32(words.count))
    }
    return sets
  }

  private func refusal(_ problem: String) -> BoostingError {
    BoostingError(
      "tree \(trees.count): \(problem)",
      remedy: "The file is damaged or no model of XGBoost; copy it again")
  }
}

extension vitrine_tree_node {
  static let missingRight: UInt32 = 1 << 31
  static let categories: UInt32 = 1 << 30

  var isCategorical: Bool { feature & Self.categories != 0 }
}
