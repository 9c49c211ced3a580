import CKernels
import Foundation

extension TreeEnsemble {
  /// Reads a model that XGBoost saved as JSON.
  /// - Throws: `BoostingError` for anything else, and for models that are not one sum of trees.
  package init(json: [UInt8]) throws(BoostingError) {
    var file = StoredModel()
    var scanner = JSONModelScanner(json)
    try file.read(&scanner)
    guard file.booster == "gbtree" else {
      throw BoostingError(
        "the model is of the kind '\(file.booster)'", remedy: "Only sums of trees are read: gbtree")
    }
    guard file.classes <= 1, file.targets <= 1, file.treeClass.allSatisfy({ $0 == 0 }) else {
      throw BoostingError(
        "the model has several outputs for each row",
        remedy: "Train one with one: an objective without num_class")
    }
    guard (1...1 << 30).contains(file.featureCount),
      file.features.isEmpty || file.features.count == file.featureCount
    else { throw scanner.failure("\(file.featureCount) columns that cannot be") }
    guard file.baseScore.isFinite else { throw scanner.failure("no base score") }
    var flat = TreeFlattening(featureCount: file.featureCount)
    for tree in file.trees { try flat.append(tree) }
    self.init(
      features: file.features, featureCount: file.featureCount, objective: file.objective,
      baseMargin: file.baseMargin, attributes: file.attributes, splits: flat.splits,
      nodes: flat.nodes, trees: flat.trees, words: flat.words, starts: flat.starts)
  }
}

/// The parts of XGBoost's file that are needed.
private struct StoredModel {
  var booster = ""
  var objective = ""
  var features: [String] = []
  var featureCount = 0
  var classes = 0
  var targets = 0
  var baseScore = Float.nan
  var attributes: [String: String] = [:]
  var trees: [StoredTree] = []
  var treeClass: [Int32] = []

  /// Logistic objectives keep a probability, and add to its logit.
  var baseMargin: Float {
    objective.hasSuffix(":logistic") ? -log(1 / baseScore - 1) : baseScore
  }

  mutating func read(_ scanner: inout JSONModelScanner) throws(BoostingError) {
    try scanner.object { (scanner, key) throws(BoostingError) in
      guard key == "learner" else { return try scanner.skip() }
      try scanner.object { (scanner, key) throws(BoostingError) in
        try member(key, &scanner)
      }
    }
    try scanner.finish()
  }

  private mutating func member(
    _ key: String, _ scanner: inout JSONModelScanner
  ) throws(BoostingError) {
    switch key {
    case "attributes":
      try scanner.object { (scanner, key) throws(BoostingError) in
        attributes[key] = try scanner.string()
      }
    case "feature_names": features = try scanner.strings()
    case "gradient_booster": try readBooster(&scanner)
    case "learner_model_param":
      try scanner.object { (scanner, key) throws(BoostingError) in
        let text = try scanner.string()
        switch key {
        case "base_score": baseScore = Float(text) ?? .nan
        case "num_class": classes = Int(text) ?? .max
        case "num_feature": featureCount = Int(text) ?? .max
        case "num_target": targets = Int(text) ?? .max
        default: break
        }
      }
    case "objective":
      try scanner.object { (scanner, key) throws(BoostingError) in
        if key == "name" { objective = try scanner.string() } else { try scanner.skip() }
      }
    default: try scanner.skip()
    }
  }

  private mutating func readBooster(_ scanner: inout JSONModelScanner) throws(BoostingError) {
    try scanner.object { (scanner, key) throws(BoostingError) in
      switch key {
      case "name": booster = try scanner.string()
      case "model":
        try scanner.object { (scanner, key) throws(BoostingError) in
          switch key {
          case "trees":
            try scanner.array { (scanner) throws(BoostingError) in
              trees.append(try StoredTree(&scanner))
            }
          case "tree_info": treeClass = try scanner.integers()
          default: try scanner.skip()
          }
        }
      default: try scanner.skip()
      }
    }
  }
}
