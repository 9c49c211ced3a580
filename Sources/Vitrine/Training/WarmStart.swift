import NeuralNetworks
import Rankers
import RankingData

/// Another ranker as the place where a training starts: the same shop a week later, or a scene with too
/// few clicks of its own.
public struct WarmStart: Sendable {
  /// The bundle of a network.
  public var path: String
  /// Epochs in which the tables taken over stay as they are; all parameters learn at a tenth of the rate
  /// afterwards.
  public var freezeEpochs: Int

  /// A start from a bundle.
  public init(path: String, freezeEpochs: Int = 1) {
    self.path = path
    self.freezeEpochs = freezeEpochs
  }

  /// Fills a ranker that is about to be trained, and slows its training.
  ///
  /// - Throws: `VitrineError` where one of the two is no network, and what reading the bundle throws.
  func start(
    _ ranker: inout any Ranker, _ data: FittingData, _ training: inout RankerTraining
  ) throws -> WarmStartReport {
    let bundle = try RankerBundle(path: path)
    guard let new = ranker as? any NeuralRanker else {
      throw VitrineError(
        "--warm-start \(path): a model of kind \(ranker.kind) is not trained by steps from a start",
        remedy: "Train it from nothing, or choose a network in model.kind; see vitrine models.")
    }
    guard let old = bundle.ranker as? any NeuralRanker else {
      throw VitrineError(
        "--warm-start \(path): it is of kind \(bundle.ranker.kind), which has no parameters for a network",
        remedy: "Start from a network's bundle.")
    }
    let (before, now) = (Self.features(of: bundle.ranker), Self.features(of: ranker))
    var report = WarmStartReport(from: path)
    report.addedFeatures = now.filter { !before.contains($0) }
    report.removedFeatures = before.filter { !now.contains($0) }
    report.tablesOnly = before != now || bundle.ranker.kind != ranker.kind
    ParameterTransfer(
      from: old, ids: bundle.transform.tableIds, to: new, ids: data.transform.tableIds,
      tablesOnly: report.tablesOnly,
      sameImages: bundle.ranker.input.visual?.version == ranker.input.visual?.version,
      groups: try data.itemGroups()
    ).run(seed: training.seed, into: &report)
    data.addCoverage(to: &report, from: bundle.transform)
    report.startAUC = try RankerQuality(
      of: ranker, on: RowSelection(data.judgedRows, of: data.compiled)
    ).auc
    report.judge()
    training.frozenEpochs = freezeEpochs
    return report
  }

  /// What a ranker reads, in its order.
  private static func features(of ranker: any Ranker) -> [String] {
    let layout = ranker.input.layout
    var names = layout.categorical.map(\.name) + layout.bags.map { $0.name + " (list)" }
    names += layout.numeric.map { $0 + " (number)" }
    if let visual = ranker.input.visual, layout.visual {
      names.append("images \(visual.version)" + (layout.visualHistory ? " with history" : ""))
    }
    return names
  }
}

extension FittingData {
  /// The category of each item, where the log has one: items of a category resemble each other.
  fileprivate func itemGroups() throws -> (_ section: String, _ id: String) -> String? {
    guard let item = log.schema.item, log.columnNames.contains("category") else {
      return { _, _ in nil }
    }
    let categories = try log.text("category")
    var byItem = [Int32](repeating: -1, count: log.items.values.count)
    for row in rows.train { byItem[Int(log.items.codes[Int(row)])] = categories.codes[Int(row)] }
    var names: [String: String] = [:]
    for (code, category) in byItem.enumerated() where category >= 0 {
      let name = categories.values[Int(category)]
      if !name.isEmpty { names[log.items.values[code]] = name }
    }
    return { section, id in section == item ? names[id] : nil }
  }

  /// Counts how much of what the training rows hold has a row to start from. O(rows × fields).
  fileprivate func addCoverage(to report: inout WarmStartReport, from old: FeatureTransform) {
    struct Count {
      var known = 0
      var mapped = 0
      let rows: [Int32]

      mutating func add(_ ids: some Sequence<Int32>) {
        for id in ids where id > 0 && id < rows.count {
          known += 1
          if rows[Int(id)] >= 0 { mapped += 1 }
        }
      }
    }
    let layout = transform.layout
    func counter(_ section: String, _ size: Int) -> Count? {
      guard let own = transform.tableIds(section), let others = old.tableIds(section) else {
        return nil
      }
      return Count(rows: own.rows(in: others, count: size))
    }
    var fields = layout.categorical.map { counter($0.name, $0.rows) }
    var lists = layout.bags.map { counter($0.name + "[]", $0.rows) }
    for first in stride(from: 0, to: rows.train.count, by: 4096) {
      let batch = compiled.batch(rows.train[first..<min(first + 4096, rows.train.count)])
      for place in fields.indices { fields[place]?.add(batch.categorical[place]) }
      for place in lists.indices { lists[place]?.add(batch.bags[place].values) }
    }
    var shares: [String: Double] = [:]
    let named =
      zip(layout.categorical.map(\.name), fields).map { ($0, $1) }
      + zip(layout.bags.map { $0.name + "[]" }, lists).map { ($0, $1) }
    for case (let name, let count?) in named where count.known > 0 {
      shares[name] = Double(count.mapped) / Double(count.known)
    }
    for place in report.sections.indices {
      report.sections[place].coverage = shares[report.sections[place].field]
    }
  }
}
