import RankingData

/// The columns that trees split on, and what of a batch each of them holds.
///
/// - A number is one column, missing where its indicator says so; the indicator itself is dropped,
///   since trees send missing values where they belong.
/// - An id is one column: its vocabulary row, missing where it is unknown. Small vocabularies are
///   split by sets of ids, large ones by the order of their rows.
/// - A list is its length, and for a small vocabulary also how often each id occurs in it.
/// - An image is as many columns as its vector is wide, missing where there is none, and the cosine
///   between it and the mean of the images of the history.
struct FeatureColumns: Sendable, Hashable {
  /// XGBoost's names for what a column holds.
  enum Kind: String, Sendable, Hashable {
    case number = "float"
    case count = "int"
    case category = "c"
  }

  /// A numeric column, and the column that says whether it is missing.
  struct Number: Sendable, Hashable {
    var column: Int
    var indicator: Int?
  }

  /// A list, and whether its ids are counted one by one.
  struct List: Sendable, Hashable {
    var bag: Int
    var rows: Int
    var isCounted: Bool
    var width: Int { isCounted ? rows : 1 }
  }

  private(set) var names: [String] = []
  private(set) var kinds: [Kind] = []
  private(set) var numbers: [Number] = []
  /// Positions in `RankingBatch.categorical` and sizes of the vocabularies.
  private(set) var fields: [(field: Int, rows: Int)] = []
  private(set) var lists: [List] = []
  /// Columns of an image's vector.
  private(set) var imageWidth = 0
  private(set) var readsHistory = false

  /// Number of columns.
  var width: Int { names.count }

  init(_ input: RankerInput, _ configuration: BoostedTrees.Configuration) {
    var names: [String] = []
    func add(_ name: String, _ kind: Kind) {
      names.append(name)
      kinds.append(kind)
    }
    let layout = input.layout
    let places = Dictionary(
      layout.numeric.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    for (column, name) in layout.numeric.enumerated() where !Self.isIndicator(name, places) {
      numbers.append(Number(column: column, indicator: places[name + Self.missing]))
      add(name, .number)
    }
    if configuration.categorical != .none {
      for (field, description) in layout.categorical.enumerated() {
        fields.append((field, description.rows))
        let isSplitBySets =
          configuration.categorical == .partition
          && description.rows <= configuration.categoricalLimit
        add(description.name, isSplitBySets ? .category : .number)
      }
    }
    for (bag, description) in layout.bags.enumerated() {
      let isCounted = description.rows <= configuration.multiHotLimit
      lists.append(List(bag: bag, rows: description.rows, isCounted: isCounted))
      add("\(description.name) count", .count)
      if isCounted {
        for row in 1..<max(description.rows, 1) { add("\(description.name)=\(row)", .count) }
      }
    }
    if input.readsImages, let visual = input.visual {
      imageWidth = visual.width
      for column in 0..<visual.width { add("image \(column)", .number) }
      readsHistory = input.readsImageHistory
      if readsHistory { add("image like history", .number) }
    }
    self.names = Self.distinct(names)
  }

  private static let missing = " is missing"

  private static func isIndicator(_ name: String, _ places: [String: Int]) -> Bool {
    name.hasSuffix(missing) && places[String(name.dropLast(missing.count))] != nil
  }

  /// XGBoost refuses brackets and `<` in names, and equal names.
  private static func distinct(_ names: [String]) -> [String] {
    var used: Set<String> = []
    return names.map { name in
      let plain = String(
        name.map { ["[": "(", "]": ")", "<": "("][$0] ?? ($0.isWhitespace ? " " : $0) })
      var candidate = plain.isEmpty ? "column" : plain
      var number = 2
      while !used.insert(candidate).inserted {
        candidate = "\(plain) \(number)"
        number += 1
      }
      return candidate
    }
  }

  static func == (a: Self, b: Self) -> Bool { a.names == b.names && a.kinds == b.kinds }

  func hash(into hasher: inout Hasher) { hasher.combine(names) }
}
