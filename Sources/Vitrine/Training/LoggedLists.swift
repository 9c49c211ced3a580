import RankingData
import Slates

/// Clicked lists of any ranker, as a slate model learns from them.
struct LoggedLists {
  /// What the model learns from.
  let training: [SlateList]
  /// What decides when to stop.
  let validation: [SlateList]
  /// Names of the candidates' features.
  let features: [String]

  /// Reads the files twice, line by line: for the names of the features, then for the lists. Only
  /// the numbers that the model reads are kept.
  /// - Throws: `RankingDataError` naming file and line, `SlateError` naming the list, `VitrineError`
  ///   for a feature that no candidate has, with the nearest one.
  init(_ files: SlateListFiles, visuals: VisualTable) throws {
    features = try Self.names(files)
    let lists = try Self.read(files.training, features, visuals)
    guard files.validation.isEmpty else {
      (training, validation) = (lists, try Self.read(files.validation, features, visuals))
      return
    }
    let cut = SlateFitting.learning(of: lists.count)
    (training, validation) = (Array(lists[..<cut]), Array(lists[cut...]))
  }

  /// The lists of some files: by time where they say when they were shown, else as they stand.
  private static func read(
    _ paths: [String], _ features: [String], _ visuals: VisualTable
  ) throws -> [SlateList] {
    var lists: [(time: Int64?, list: SlateList)] = []
    for path in paths {
      try forEachRequest(path) { request in
        lists.append(
          (request.timestamp, try SlateList(request, visuals: visuals, features: features)))
      }
    }
    guard lists.allSatisfy({ $0.time != nil }) else { return lists.map(\.list) }
    return lists.enumerated()
      .sorted { ($0.element.time ?? 0, $0.offset) < ($1.element.time ?? 0, $1.offset) }
      .map(\.element.list)
  }

  private static func names(_ files: SlateListFiles) throws -> [String] {
    if case .named(let names) = files.features, names.isEmpty { return [] }
    var found: Set<String> = []
    for path in files.training {
      try forEachRequest(path) { request in
        for item in request.items {
          for (name, value) in item.features where value.number != nil { found.insert(name) }
        }
      }
    }
    let known = found.sorted()
    guard case .named(let names) = files.features else { return known }
    for name in names where !found.contains(name) {
      throw VitrineError(
        "model.features: no candidate of the training lists has a number \"\(name)\"",
        remedy: suggestion(for: name, in: known))
    }
    return names
  }

  private static func forEachRequest(
    _ path: String, _ body: (RankingRequest) throws -> Void
  ) throws {
    var reader = try JSONLinesReader<RankingRequest>(path: path)
    while let request = try reader.next() { try body(request) }
  }
}
