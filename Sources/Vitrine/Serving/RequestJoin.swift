import RankingData

/// Completes what a ranker wrote with what the request and the catalogue know: ranked lists carry ids
/// and scores, while rules ask for features of the items and the user's history.
struct RequestJoin {
  private var requests: JSONLinesReader<RankingRequest>?
  private let catalogue: Catalogue?
  private let features: [String]
  private let path: String

  /// - Parameters:
  ///   - requests: The requests that were ranked, in the same order (JSON Lines), or nil.
  ///   - catalogue: Item features, or nil.
  ///   - features: The item features that someone asks for.
  init(requests: String?, catalogue: Catalogue?, features: Set<String>) throws(RankingDataError) {
    if let requests { self.requests = try JSONLinesReader(path: requests) }
    self.catalogue = catalogue
    self.features = features.sorted()
    path = requests ?? ""
  }

  /// Fills in what a list lacks; what it brings itself stands. Memory does not grow with the file.
  /// - Throws: `VitrineError` where the next request is not the one that the list answers.
  mutating func complete(_ list: RankingRequest) throws -> RankingRequest {
    var list = list
    if let request = try requests?.next() {
      guard request.id == list.id else {
        throw VitrineError(
          "\(path), line \(requests?.line ?? 0): the request \"\(request.id)\" stands where"
            + " \"\(list.id)\" is arranged",
          remedy: "Pass the requests that were ranked, in the same order.")
      }
      let asked = Dictionary(
        request.items.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
      list.user = list.user ?? request.user
      if list.history.isEmpty { list.history = request.history }
      for index in list.items.indices {
        guard let item = asked[list.items[index].id] else { continue }
        list.items[index].category = list.items[index].category ?? item.category
        list.items[index].features.merge(item.features) { own, _ in own }
      }
    } else if requests != nil {
      throw VitrineError(
        "\(path): it ends before the list \"\(list.id)\"",
        remedy: "Pass the requests that were ranked, in the same order.")
    }
    guard let catalogue else { return list }
    for index in list.items.indices {
      let id = list.items[index].id
      list.items[index].category = list.items[index].category ?? catalogue.category(of: id)
      for feature in features where list.items[index].features[feature] == nil {
        list.items[index].features[feature] = catalogue.value(feature, of: id).map { .text($0) }
      }
    }
    for index in list.history.indices {
      list.history[index].category =
        list.history[index].category ?? catalogue.category(of: list.history[index].id)
    }
    return list
  }
}
