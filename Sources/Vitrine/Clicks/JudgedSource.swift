import RankingData

/// Judged lists of a file, one by one, whatever its format.
enum JudgedSource {
  case requests(JSONLinesReader<RankingRequest>)
  case queries(JudgedListReader)

  /// - Throws: `RankingDataError` for a file that is neither, and what opening it throws.
  init(_ path: String, groups: String?, grade: String) throws {
    switch path == "-" ? .jsonl : try TableFormat(path: path) {
    case .jsonl: self = .requests(try JSONLinesReader(path: path))
    case .svmlight:
      self = .queries(try JudgedListReader(path: path, groups: groups, grade: grade))
    case .csv, .tsv:
      throw RankingDataError(
        .syntax, file: path, problem: "A table of single rows holds no lists.",
        remedy: "Give requests (JSON Lines) or LETOR lines: 2 qid:10 1:0.5 2:0.1.")
    }
  }

  mutating func next() throws(RankingDataError) -> RankingRequest? {
    switch self {
    case .requests(var reader):
      defer { self = .requests(reader) }
      return try reader.next()
    case .queries(var reader):
      defer { self = .queries(reader) }
      return try reader.next()
    }
  }
}

/// The scores of a ranker's answers, by request and item.
struct RankedScores {
  private let path: String
  private var lists: [String: [String: Double]] = [:]

  /// Reads ranked lists (JSON Lines). Memory grows with the file.
  init(_ path: String) throws {
    self.path = path
    var reader = try JSONLinesReader<RankedList>(path: path)
    while let list = try reader.next() {
      lists[list.id] = Dictionary(
        list.items.map { ($0.id, $0.score) }, uniquingKeysWith: { first, _ in first })
    }
  }

  /// The request with these scores.
  /// - Throws: `VitrineError` where the request or one of its items was not ranked.
  func scored(_ request: RankingRequest) throws -> RankingRequest {
    var scored = request
    for index in scored.items.indices {
      guard let score = lists[request.id]?[scored.items[index].id] else {
        throw VitrineError(
          "\(path): there is no score of \"\(scored.items[index].id)\" for \"\(request.id)\"",
          remedy: "Rank the same lists.")
      }
      scored.items[index].score = score
    }
    return scored
  }
}
