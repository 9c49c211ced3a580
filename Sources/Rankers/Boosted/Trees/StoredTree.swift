/// A tree as XGBoost writes it: parallel arrays over nodes.
struct StoredTree {
  var left: [Int32] = []
  var right: [Int32] = []
  var feature: [Int32] = []
  /// Thresholds of splits, values of leaves.
  var condition: [Float] = []
  /// Whether missing values go left.
  var defaultLeft: [Int32] = []
  /// 1 where categories split. Absent in files of old versions.
  var splitType: [Int32] = []
  var gain: [Float] = []
  var cover: [Float] = []
  /// Categories that go right, of all nodes one after the other; which nodes have some; where they
  /// start and how many they are.
  var categories: [Int32] = []
  var categoryNodes: [Int32] = []
  var categoryStarts: [Int32] = []
  var categoryCounts: [Int32] = []

  init(_ scanner: inout JSONModelScanner) throws(BoostingError) {
    var tree = Self()
    try scanner.object { (scanner, key) throws(BoostingError) in
      switch key {
      case "left_children": tree.left = try scanner.integers()
      case "right_children": tree.right = try scanner.integers()
      case "split_indices": tree.feature = try scanner.integers()
      case "split_conditions": tree.condition = try scanner.floats()
      case "default_left": tree.defaultLeft = try scanner.integers()
      case "split_type": tree.splitType = try scanner.integers()
      case "loss_changes": tree.gain = try scanner.floats()
      case "sum_hessian": tree.cover = try scanner.floats()
      case "categories": tree.categories = try scanner.integers()
      case "categories_nodes": tree.categoryNodes = try scanner.integers()
      case "categories_segments": tree.categoryStarts = try scanner.integers()
      case "categories_sizes": tree.categoryCounts = try scanner.integers()
      default: try scanner.skip()
      }
    }
    let count = tree.left.count
    let lengths = [
      tree.right.count, tree.feature.count, tree.condition.count, tree.defaultLeft.count,
      tree.gain.count, tree.cover.count,
    ]
    guard count > 0, lengths.allSatisfy({ $0 == count }),
      tree.splitType.isEmpty || tree.splitType.count == count,
      tree.categoryNodes.count == tree.categoryStarts.count,
      tree.categoryNodes.count == tree.categoryCounts.count
    else { throw scanner.failure("a tree whose arrays differ in length") }
    self = tree
  }

  private init() {}
}
