import Foundation
public import RankingData

/// Arranges the final slate behind any ranker: an optional Seq2Slate model, then optional MMR,
/// then the cut to the length of the slate.
///
/// An immutable value that reads no files; one instance serves any number of tasks.
public struct SlateReranker: Sendable {
  /// What surrounds the model and the diversifier.
  public struct Options: Sendable, Hashable, Codable {
    /// Length of the slate; `nil` arranges every candidate.
    public var top: Int?
    /// Only this many candidates, from the head of the base order, take part; the others follow in
    /// base order where the slate has room. Bounds the time of one request.
    public var candidates: Int
    /// The slate model arranges this many times `top` candidates when a diversifier chooses among
    /// them.
    public var pool: Int
    /// Whether every item gets its reason.
    public var explains: Bool

    /// Ten items of at most 500 candidates; diversity chooses among three times the slate.
    public init(top: Int? = 10, candidates: Int = 500, pool: Int = 3, explains: Bool = false) {
      self.top = top
      self.candidates = candidates
      self.pool = pool
      self.explains = explains
    }

    /// Every missing field takes its default; `"top": null` arranges every candidate.
    public init(from decoder: any Decoder) throws {
      self.init()
      let container = try decoder.container(keyedBy: CodingKeys.self)
      if container.contains(.top) {
        top = try container.decodeIfPresent(Int.self, forKey: .top)
      }
      candidates = try container.decodeIfPresent(Int.self, forKey: .candidates) ?? candidates
      pool = try container.decodeIfPresent(Int.self, forKey: .pool) ?? pool
      explains = try container.decodeIfPresent(Bool.self, forKey: .explains) ?? explains
    }
  }

  /// One place of the slate.
  public struct Placement: Sendable, Hashable {
    /// Position in the input.
    public let position: Int
    /// Position in the base order, from 0.
    public let rankBefore: Int
    /// Why the item stands here, when asked for.
    public let explanation: SlateExplanation?
  }

  /// The slate model, or `nil` to keep the base order.
  public let model: GreedyDecoder?
  /// The diversifier, or `nil` for none.
  public let diversity: MMR?
  /// Length, limits, explanations.
  public let options: Options
  private let visuals: VisualTable
  private let centre: [Float]?

  /// - Parameters:
  ///   - visuals: Where requests find their visual vectors; without it, lists that bring their own
  ///     vectors and lists without any still work.
  /// - Throws: `SlateError.configuration` when an option is out of range, and
  ///   `SlateError.visualWidth` when the table does not fit the model.
  public init(
    model: GreedyDecoder? = nil, diversity: MMR? = nil, visuals: VisualTable = .empty,
    options: Options = Options()
  ) throws(SlateError) {
    func check(_ field: String, _ value: Int) throws(SlateError) {
      guard value >= 1 else {
        throw .configuration(field: field, value: "\(value)", rule: "it must be at least 1")
      }
    }
    try check("top", options.top ?? 1)
    try check("candidates", options.candidates)
    try check("pool", options.pool)
    try diversity?.validate()
    if let model, model.configuration.visualInputs > 0, visuals.count > 0,
      visuals.width != model.configuration.visualInputs
    {
      throw .visualWidth(
        list: "", expected: model.configuration.visualInputs, found: visuals.width)
    }
    self.model = model
    self.diversity = diversity
    self.visuals = visuals
    self.options = options
    centre = diversity == nil ? nil : Self.centre(of: visuals)
  }

  /// Arranges one list. Without a model and without a diversifier this is the base order, cut.
  ///
  /// Relevance for MMR is the base score; where the order says more than the scores (after the
  /// slate model, for a list given as ordered, or without scores) it is `1 / log2(rank + 2)`, the
  /// worth that the training loss gives each place.
  /// - Throws: `SlateError` on vectors that are not finite or do not fit the model.
  public func rerank(_ list: SlateList) throws(SlateError) -> [Placement] {
    let top = min(options.top ?? list.count, list.count)
    let considered = min(list.count, max(options.candidates, 1))
    let head = list.prefix(considered)
    var order = Array(0..<considered)
    if let model {
      let (pool, overflow) = top.multipliedReportingOverflow(
        by: diversity == nil ? 1 : options.pool)
      order = try model.decode(head, top: overflow ? considered : max(pool, 1))
    }
    var choices: [SlateChoice] = []
    let byModel = order
    if let diversity {
      let similarity = try SlateSimilarity(
        head, order, centre: list.visuals.width == visuals.width ? centre : nil)
      choices = diversity.select(
        relevance: relevance(head, order), similarity: similarity, top: top)
      order = choices.map { byModel[$0.candidate] }
    }
    if order.count < top {
      let placed = Set(order)
      order += (0..<list.count).lazy.filter { !placed.contains($0) }.prefix(top - order.count)
    }
    return order.prefix(top).enumerated().map { rank, candidate in
      Placement(
        position: list.positions[candidate], rankBefore: candidate,
        explanation: options.explains
          ? explanation(list, byModel, choices, candidate, rank) : nil)
    }
  }

  /// Arranges a request of a foreign ranker: only ids and scores are needed.
  public func rerank(
    _ request: RankingRequest, order: SlateList.Order = .score
  ) throws(SlateError) -> RankedList {
    let placements = try rerank(SlateList(request, visuals: visuals, order: order))
    return RankedList(
      id: request.id,
      items: placements.map { placement in
        let item = request.items[placement.position]
        return RankedItem(
          id: item.id, index: item.index ?? placement.position, score: item.score ?? 0,
          category: item.category, rankBefore: placement.rankBefore,
          reason: placement.explanation?.text)
      })
  }

  /// Arranges what a ranker answered.
  public func rerank(
    _ ranked: RankedList, order: SlateList.Order = .score
  ) throws(SlateError) -> RankedList {
    let placements = try rerank(SlateList(ranked, visuals: visuals, order: order))
    return RankedList(
      id: ranked.id,
      items: placements.map { placement in
        var item = ranked.items[placement.position]
        item.rankBefore = placement.rankBefore
        item.reason = placement.explanation?.text
        return item
      })
  }

  private func relevance(_ list: SlateList, _ order: [Int]) -> [Double] {
    if model == nil, list.isOrderedByScore, let scores = list.scores {
      return order.map { scores[$0] }
    }
    return order.indices.map { 1 / log2(Double($0 + 2)) }
  }

  private func explanation(
    _ list: SlateList, _ byModel: [Int], _ choices: [SlateChoice], _ candidate: Int, _ rank: Int
  ) -> SlateExplanation {
    let choice = rank < choices.count ? choices[rank] : nil
    return SlateExplanation(
      rankBefore: candidate, rankByModel: byModel.firstIndex(of: candidate) ?? rank,
      rankAfter: rank, nearest: choice?.nearest.map { list.ids[byModel[$0]] },
      similarity: choice?.nearest.map { _ in choice?.similarity ?? 0 })
  }

  /// The mean visual vector, over at most 10,000 evenly spaced rows.
  package static func centre(of table: VisualTable) -> [Float]? {
    table.count > 1 && table.width > 0 ? table.mean(of: 10_000) : nil
  }
}
