import RankingData
public import Slates

/// Makes click logs of judged lists: `vitrine dataset clicks`.
///
/// Lists come from JSON Lines, whose items bring their grade as a feature, or from LETOR and SVMlight
/// files. They are written in base order with scores, clicks and features; the grade is left out, so
/// that nothing can learn from it.
public struct ClickGeneration: Sendable {
  /// Who clicks.
  public var world: any ClickWorld
  /// The feature that is the grade.
  public var grade = "relevance"
  /// Candidates a list, from the head of the base order.
  public var candidates = Int.max
  /// Users that each list is shown to. From the second one on, the id of the list is followed by `#`
  /// and the user's number, and `user` says which list they belong to, so that intervals draw whole
  /// lists.
  public var sessions = 1
  /// Drives every click.
  public var seed: UInt64 = 1

  /// A plan.
  public init(world: any ClickWorld) { self.world = world }

  /// Where lists are and where they go.
  public struct Files: Sendable, Hashable {
    /// Judged lists.
    public var lists: String
    /// The sizes of the queries of an SVMlight file without `qid`.
    public var groups: String?
    /// Answers of a ranker to the same lists, which give the base order; nil for that of the lists'
    /// own scores, or as they stand.
    public var ranked: String?
    /// Where to write; `-` is standard output.
    public var output: String

    /// Names files.
    public init(lists: String, groups: String? = nil, ranked: String? = nil, output: String = "-") {
      self.lists = lists
      self.groups = groups
      self.ranked = ranked
      self.output = output
    }
  }

  /// What was made.
  public struct Summary: Sendable, Codable, Hashable {
    /// Judged lists.
    public var lists = 0
    /// Lists written: one a user.
    public var sessions = 0
    /// Candidates in them.
    public var candidates = 0
    /// Clicks in them.
    public var clicks = 0
    /// Lists written without a click.
    public var withoutClick = 0
  }

  /// Reads, clicks and writes list by list.
  /// - Throws: an error naming the file and line, or the list, at fault.
  public func run(_ files: Files) throws -> Summary {
    try world.validate()
    guard sessions >= 1, candidates >= 1 else {
      throw VitrineError(
        "\(sessions) sessions of \(candidates) candidates cannot be",
        remedy: "Both are at least 1.")
    }
    let scores = try files.ranked.map(RankedScores.init)
    var source = try JudgedSource(files.lists, groups: files.groups, grade: grade)
    var writer = try JSONLinesWriter(path: files.output)
    var summary = Summary()
    while let request = try source.next() {
      let judged = try JudgedList(
        scores?.scored(request) ?? request, grade: grade, limit: candidates)
      summary.lists += 1
      for session in 0..<sessions {
        let clicks = try world.clicks(on: judged, seed: seed, session: session)
        try writer.write(shown(request, judged, clicks, session))
        summary.sessions += 1
        summary.candidates += clicks.count
        summary.clicks += clicks.count { $0 }
        if !clicks.contains(true) { summary.withoutClick += 1 }
      }
    }
    try writer.flush()
    return summary
  }

  /// The request as it was shown, in base order.
  private func shown(
    _ request: RankingRequest, _ judged: Slates.JudgedList, _ clicks: [Bool], _ session: Int
  ) -> RankingRequest {
    var shown = request
    if sessions > 1 {
      shown.user = request.user ?? request.id
      if session > 0 { shown.id += "#\(session)" }
    }
    shown.items = clicks.indices.map { place in
      var item = request.items[judged.list.positions[place]]
      item.score = judged.list.scores?[place]
      item.clicked = clicks[place]
      item.features[grade] = nil
      return item
    }
    return shown
  }
}
