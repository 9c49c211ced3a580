import Foundation
public import RankingData

/// Arranges the final slate behind any ranker: a shop's rules, an optional slate model, an optional
/// diversifier, and the cut to the length of the slate.
///
/// The order is fixed: what is not eligible leaves, then near-duplicates; the model arranges what is
/// left; the diversifier fills the slate within the caps and around the pins; a last pass asserts
/// that every rule holds. An immutable value that reads no files; one instance serves any number of
/// tasks.
public struct SlateReranker: Sendable {
  /// The slate model, or `nil` to keep the base order.
  public let model: (any SlateDecoder)?
  /// What keeps the slate diverse.
  public let diversity: Diversifier
  /// What it compares candidates by.
  public let similarity: SimilarityWeights
  /// What every slate must keep to.
  public let rules: SlateRules
  /// Length, limits, explanations.
  public let options: Options
  let visuals: VisualTable
  let embeddings: VisualTable
  private let centre: [Float]?

  /// - Parameters:
  ///   - visuals: Where requests find their visual vectors; without it, lists that bring their own
  ///     vectors and lists without any still work.
  ///   - embeddings: Any other vectors of items to compare them by.
  /// - Throws: `SlateError.configuration` when an option is out of range, and
  ///   `SlateError.visualWidth` when the table does not fit the model.
  public init(
    model: (any SlateDecoder)? = nil, diversity: Diversifier = .none,
    similarity: SimilarityWeights = .standard, rules: SlateRules = SlateRules(),
    visuals: VisualTable = .empty, embeddings: VisualTable = .empty, options: Options = Options()
  ) throws(SlateError) {
    try options.validate()
    try diversity.validate()
    try similarity.validate()
    try rules.validate()
    if let model, model.visualInputs > 0, visuals.count > 0, visuals.width != model.visualInputs {
      throw .visualWidth(list: "", expected: model.visualInputs, found: visuals.width)
    }
    self.model = model
    self.diversity = diversity
    self.similarity = similarity
    self.rules = rules
    self.visuals = visuals
    self.embeddings = embeddings
    self.options = options
    centre =
      diversity.comparesCandidates || rules.nearDuplicates?.cosine != nil
      ? Self.centre(of: visuals) : nil
  }

  /// The same re-ranker with another diversifier.
  /// - Throws: `SlateError.configuration` when it is out of range.
  public func diversified(by diversity: Diversifier) throws(SlateError) -> SlateReranker {
    try SlateReranker(
      model: model, diversity: diversity, similarity: similarity, rules: rules, visuals: visuals,
      embeddings: embeddings, options: options)
  }

  /// Arranges one list. Without a model, a diversifier and rules this is the base order, cut.
  ///
  /// Relevance is the base score; where the order says more than the scores (after the slate model,
  /// for a list given as ordered, or without scores) it is `1 / log2(rank + 2)`, the worth that the
  /// training loss gives each place.
  /// - Parameter history: What the user responded to, for rules about it and for calibrated slates.
  /// - Throws: `SlateError` on vectors that are not finite or do not fit the model, and
  ///   `SlateError.featuresMissing` where it reads features and the list brings none.
  public func arrange(
    _ list: SlateList, history: [HistoryEntry] = []
  ) throws(SlateError) -> Slate {
    let centre = list.visuals.width == visuals.width ? centre : nil
    let owned = rules.eligibility.excludeHistory ? Set(history.map(\.id)) : []
    let admission = try Admission(rules, list, history: owned, centre: centre)
    let length = min(options.top ?? .max, admission.candidates.count)
    let (known, others) = try order(admission, list, length)
    let ranking = known + others

    var filling = SlateFilling(
      count: ranking.count, length: length,
      pinned: slots(of: admission.pinned, in: ranking, length),
      ledgers: rules.caps.map { CapLedger($0, list, ranking, length: length) },
      known: known.count, traces: options.explains)
    var selection = try selection(list, known, length, history, centre)
    filling.fill(&selection)

    let slate = filling.slots.map { ranking[$0] }
    let unpinned = admission.pins.filter { pin in
      !slate.indices.contains(pin.position) || list.ids[slate[pin.position]] != pin.item
    }
    let concessions =
      filling.concessions
      + unpinned.map { .unpinned(item: $0.item, position: $0.position) }
    if !rules.isEmpty {
      try SlateAssertion(
        rules: rules, list: list, pins: admission.pins,
        pinned: Set(admission.pinned.map(\.candidate)), history: owned, centre: centre,
        length: length
      ).check(slate, concessions)
    }
    let trace =
      !options.explains
      ? nil
      : SlateTrace(
        list: list, ranking: ranking, filling: filling, selection: selection, known: known.count,
        hasModel: model != nil, rules: rules)
    return Slate(
      placements: slate.enumerated().map { rank, candidate in
        Slate.Placement(
          position: list.positions[candidate], rankBefore: candidate,
          explanation: trace?.explanation(of: filling.slots[rank], at: rank))
      },
      removals: admission.removals, concessions: concessions)
  }

  /// The candidates that the diversifier chooses among, in the order of the model, and the others
  /// in base order.
  private func order(
    _ admission: Admission, _ list: SlateList, _ length: Int
  ) throws(SlateError) -> (known: [Int], others: [Int]) {
    let candidates = admission.candidates
    let considered = Array(candidates.prefix(options.candidates))
    guard length > 0 else { return ([], []) }
    var known = considered
    if let model {
      // Every feature a mean: the answer would be a guess that looks like one that knew.
      if !model.featureNames.isEmpty, list.features.allSatisfy(\.isNaN) {
        throw .featuresMissing(list: list.id, features: model.featureNames)
      }
      let (pool, overflow) = length.multipliedReportingOverflow(
        by: diversity == .none && rules.caps.isEmpty ? 1 : options.pool)
      let head = considered.count == list.count ? list : list.selecting(considered)
      known = try model.decode(head, top: overflow ? considered.count : pool)
        .map { considered[$0] }
    }
    // The diversifier must see what is pinned, however low it ranks.
    for pin in admission.pinned where !known.contains(pin.candidate) {
      known.append(pin.candidate)
    }
    if known.count == candidates.count { return (known, []) }
    let taken = Set(known)
    return (known, candidates.filter { !taken.contains($0) })
  }

  private func slots(
    of pinned: [(position: Int, candidate: Int)], in ranking: [Int], _ length: Int
  ) -> [Int: Int] {
    var slots: [Int: Int] = [:]
    for pin in pinned where pin.position < length {
      slots[pin.position] = ranking.firstIndex(of: pin.candidate)
    }
    return slots
  }

  private func selection(
    _ list: SlateList, _ known: [Int], _ length: Int, _ history: [HistoryEntry], _ centre: [Float]?
  ) throws(SlateError) -> any SlateSelection {
    try diversity.selection(
      relevance: relevance(list, known),
      similarity: diversity.comparesCandidates
        ? try SlateSimilarity(list, known, weights: similarity, centre: centre) : nil,
      top: length,
      calibration: diversity.followsHistory
        ? SlateCalibration(
          list, known, shares: try CategoryShares(history: history.map(\.category))) : nil)
  }

  private func relevance(_ list: SlateList, _ order: [Int]) -> [Double] {
    if model == nil, list.isOrderedByScore, let scores = list.scores {
      return order.map { scores[$0] }
    }
    return order.indices.map { 1 / log2(Double($0 + 2)) }
  }

  /// The mean vector of a table, over at most 10,000 evenly spaced rows.
  package static func centre(of table: VisualTable) -> [Float]? {
    table.count > 1 && table.width > 0 ? table.mean(of: 10_000) : nil
  }
}
