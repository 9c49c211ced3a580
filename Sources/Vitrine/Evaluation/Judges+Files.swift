import RankingData

extension RankerJudge {
  /// A judge of one part of the log that a ranker's configuration names.
  public init(_ file: TrainingFile, part: DataSource.Part) throws {
    self.init(
      data: file.data, part: part, features: try file.cache.map(VisualFeatures.init(cache:)))
  }

  /// Judges a bundle, against another one if given.
  /// - Throws: an error naming the file at fault; a model whose features differ from the cache's is
  ///   refused.
  public func report(model: String, against other: String? = nil) throws -> RankerReport {
    try report(models: [model], against: other.map { [$0] } ?? [])
  }

  /// Judges trainings of one model by their means, against those of another one if given.
  /// - Throws: as the other method.
  public func report(models: [String], against others: [String]) throws -> RankerReport {
    try report(on: models.map(load), against: others.map(load))
  }
}

extension PolicyJudge {
  /// Judges a file of slates by a file of logged lists.
  public func report(slates: String, log: String) throws -> PolicyReport {
    try validate()
    var ranked = try JSONLinesReader<RankedList>(path: slates)
    var logged = try JSONLinesReader<RankingRequest>(path: log)
    return try report(on: ranked.readAll(), log: logged.readAll())
  }
}

extension SlateJudge {
  /// Loads the sources of the measures; each may be nil.
  public init(
    top: Int, requests: String, truth: String? = nil, cache: String? = nil,
    log: TrainingFile? = nil
  ) throws {
    var reader = try JSONLinesReader<RankingRequest>(path: requests)
    self.init(
      top: top, requests: try reader.readAll(),
      clicks: try truth.map(ShopSimulation.truth(path:)),
      features: try cache.map(VisualFeatures.init(cache:)),
      log: try log.map { try RequestFile.logged($0, part: .all) })
  }

  /// Judges a file of slates, against another for the same requests if given.
  public func report(slates: String, against other: String? = nil) throws -> SlateReport {
    try report(on: Self.lists(slates), against: other.map(Self.lists))
  }

  /// Reads what `rank` or `rerank` wrote.
  public static func lists(_ path: String) throws -> [RankedList] {
    var reader = try JSONLinesReader<RankedList>(path: path)
    return try reader.readAll()
  }
}
