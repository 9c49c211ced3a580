import RankingData

extension DataSource {
  /// Reads the `data` section of a configuration.
  ///
  /// ```yaml
  /// data:
  ///   impressions: a.csv              # or several: [a.csv, b.csv.gz]
  ///   format: csv                     # or tsv, jsonl, svmlight; by the name or the first line
  ///   header: [age, job, income]      # of a file that has no line for the names
  ///   trim: true                      # spaces around cells are no part of them
  ///   missing: ["?", "NULL"]          # texts that mean a missing value
  ///   groups: sizes.query             # SVMlight without qid: rows of each query
  ///   catalogue: items.csv
  ///   split: {by: time, validation: 0.2, test: 0.2}
  ///   negatives: {exposed: 7, random: 2, popular: 1}    # see `NegativePlan`
  /// ```
  /// Parts that come as files of their own stand under `train`, `validation` and `test` instead of
  /// `impressions` and `split`; `prepared` names a folder instead of all files.
  /// - Parameters:
  ///   - root: what to point at where the section lacks something.
  ///   - overrides: values of the command line.
  ///   - resolve: makes a path of the file relative to the working folder.
  init(
    _ node: ConfigurationNode?, of root: ConfigurationNode, _ overrides: TrainingFile.Overrides,
    _ resolve: (String) -> String
  ) throws {
    let section = try node?.members(Self.keys) ?? [:]
    if let prepared = try overrides.prepared
      ?? section["prepared"].map({ resolve(try $0.string()) })
    {
      // The command line may put a folder in the place of all files.
      let inTheWay = section.first { !["prepared", "split", "negatives"].contains($0.key) }?.value
      if let inTheWay, overrides.prepared == nil {
        throw inTheWay.failure(
          .unknownKey, "a prepared data set has its files already.",
          "Remove this key, or remove prepared.")
      }
      self.init(.prepared(prepared), split: try section["split"].map(DataSplit.init))
      negatives = try section["negatives"].map { try NegativePlan($0) }
      return
    }

    func paths(_ key: String) throws -> [String] {
      try section[key]?.oneOrMore().map(resolve) ?? []
    }
    let parts = try ["train", "validation", "test"].map(paths)
    let impressions = try overrides.impressions.map { [$0] } ?? paths("impressions")
    var split = try section["split"].map(DataSplit.init)
    var files = impressions
    if impressions.isEmpty {
      guard !parts[0].isEmpty else {
        throw (section["validation"] ?? section["test"] ?? root).failure(
          .missingKey, "there are no impressions.",
          "Set data.impressions, data.train or data.prepared, or pass --impressions.")
      }
      if let split = section["split"] {
        throw split.failure(
          .unknownKey, "the files part the rows already.", "Remove split, or use impressions.")
      }
      files = parts.flatMap { $0 }
      split = .parts(
        ReadyParts(train: parts[0].count, validation: parts[1].count, test: parts[2].count))
    } else if overrides.impressions == nil,
      let part = section["train"] ?? section["validation"] ?? section["test"]
    {
      throw part.failure(
        .unknownKey, "impressions are named already.",
        "Name impressions, or the files of each part.")
    }

    var log = TableFiles(files)
    log.format = try section["format"]?.choice(TableFormat.self)
    log.header = try section["header"]?.strings()
    log.rules = CellRules(
      trim: try section["trim"]?.flag() ?? false, missing: try section["missing"]?.strings() ?? [])
    log.groups = try paths("groups")
    if let header = log.header, Set(header).count != header.count || header.isEmpty,
      let node = section["header"]
    {
      throw node.failure(
        .duplicateColumn, "the names of the columns differ, and there is at least one.",
        "Rename one.")
    }
    let catalogue = try overrides.catalogue ?? section["catalogue"].map { resolve(try $0.string()) }
    self.init(.files(log, catalogue: catalogue.map { TableFiles([$0]) }), split: split)
    negatives = try section["negatives"].map { try NegativePlan($0) }
  }

  /// Every key of the section.
  static let keys =
    [
      "impressions", "format", "header", "trim", "missing", "groups", "catalogue", "split",
      "negatives",
    ]
    + ["train", "validation", "test", "prepared"]
}

extension DataSplit {
  /// How a split is made, as it is written.
  private enum Kind: String, CaseIterable {
    case time, random, group
    case holdLast = "hold_last"
  }

  /// Reads `{by: time, validation: 0.2, test: 0.2}` and its siblings.
  fileprivate init(_ node: ConfigurationNode) throws {
    let members = try node.members(
      ["by", "validation", "test", "validation_from", "test_from", "seed"])
    let kind = try members["by"]?.choice(Kind.self) ?? .time
    func refuse(_ keys: [String], _ reason: String) throws {
      for key in keys {
        guard let member = members[key] else { continue }
        throw member.failure(.unknownKey, reason, "Remove it.")
      }
    }
    if kind != .time {
      try refuse(["validation_from", "test_from"], "only a split by time begins at a time.")
    }
    switch kind {
    case .holdLast:
      try refuse(["seed"], "the last requests are held out, which leaves nothing to chance.")
      self = .holdLast(try HoldLastSplit(node, members))
    case .time:
      try refuse(["seed"], "a split by time leaves nothing to chance.")
      self = .time(try TimeSplit(node, members))
    case .random, .group:
      let shares = try Self.shares(node, members)
      let seed = UInt64(try members["seed"]?.integer(in: 0 ... .max) ?? 1)
      self =
        kind == .random
        ? .random(RandomSplit(validation: shares.validation, test: shares.test, seed: seed))
        : .group(GroupSplit(validation: shares.validation, test: shares.test, seed: seed))
    }
  }

  fileprivate static func shares(
    _ node: ConfigurationNode, _ members: [String: ConfigurationNode]
  ) throws -> (validation: Double, test: Double) {
    let validation = try members["validation"]?.number(in: 0...0.9) ?? 0.15
    let test = try members["test"]?.number(in: 0...0.9) ?? 0.15
    guard validation + test < 1 else {
      throw node.failure(
        .badValue, "the shares \(validation) and \(test) leave nothing to train on.",
        "Together they must be below 1.")
    }
    return (validation, test)
  }
}

extension HoldLastSplit {
  /// Shares of each user's requests, or nothing for one request each.
  fileprivate init(_ node: ConfigurationNode, _ members: [String: ConfigurationNode]) throws {
    guard members["validation"] != nil || members["test"] != nil else {
      self.init()
      return
    }
    let shares = try DataSplit.shares(node, members)
    for (key, share) in [("validation", shares.validation), ("test", shares.test)]
    where share == 0 {
      throw (members[key] ?? node).failure(
        .badValue, "at least one request of each user is held out.",
        "Give a share above 0, or leave out both for one request each.")
    }
    self.init(Shares(validation: shares.validation, test: shares.test))
  }
}

extension TimeSplit {
  /// Shares of the rows, or `validation_from` and `test_from` in seconds since 1970.
  fileprivate init(_ node: ConfigurationNode, _ members: [String: ConfigurationNode]) throws {
    guard members["validation_from"] != nil || members["test_from"] != nil else {
      let shares = try DataSplit.shares(node, members)
      self = .fractions(validation: shares.validation, test: shares.test)
      return
    }
    guard let first = members["validation_from"], let second = members["test_from"],
      members["validation"] == nil, members["test"] == nil
    else {
      throw node.failure(
        .badValue, "a split by time needs validation_from and test_from, and nothing else.",
        "Give both, or use the shares validation and test.")
    }
    let (validation, test) = (
      try first.integer(in: 0 ... .max), try second.integer(in: 0 ... .max)
    )
    guard validation <= test else {
      throw node.failure(
        .badValue, "the test begins before the validation.", "Swap validation_from and test_from.")
    }
    self = .cuts(validation: Int64(validation), test: Int64(test))
  }
}
