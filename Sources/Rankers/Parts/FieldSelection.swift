package import RankingData

/// Some of the fields of a layout: what one part of a model reads.
package struct FieldSelection: Sendable {
  /// Positions in `categorical`, ascending.
  package let categorical: [Int]
  /// Positions in `bags`, ascending.
  package let bags: [Int]
  /// Columns of `numeric`, ascending.
  package let numeric: [Int]
  /// What a model sees that reads these fields alone, images aside.
  package let layout: FeatureLayout

  /// The fields of a layout that a condition chooses by kind and name.
  package init(
    _ layout: FeatureLayout, where isChosen: (_ kind: Kind, _ name: String) -> Bool
  ) {
    categorical = layout.categorical.indices.filter {
      isChosen(.categorical, layout.categorical[$0].name)
    }
    bags = layout.bags.indices.filter { isChosen(.list, layout.bags[$0].name) }
    numeric = layout.numeric.indices.filter { isChosen(.number, layout.numeric[$0]) }
    let (fields, lists) = (categorical, bags)
    let attributes = layout.historyAttributes.compactMap { attribute in
      lists.firstIndex(of: attribute.bag).flatMap { bag in
        fields.firstIndex(of: attribute.field).map {
          FeatureLayout.HistoryAttribute(bag: bag, field: $0)
        }
      }
    }
    self.layout = FeatureLayout(
      categorical: categorical.map { layout.categorical[$0] }, bags: bags.map { layout.bags[$0] },
      historyBag: layout.historyBag.flatMap(bags.firstIndex(of:)),
      itemField: layout.itemField.flatMap(categorical.firstIndex(of:)),
      historyAttributes: attributes, numeric: numeric.map { layout.numeric[$0] })
  }

  /// What a field holds.
  package enum Kind: Sendable {
    /// One id.
    case categorical
    /// Several ids.
    case list
    /// A number.
    case number
  }

  /// Whether a column's ids are combinations of those of other columns.
  package static func isCross(_ kind: Kind, _ name: String) -> Bool {
    kind == .categorical && name.contains(CrossField.separator)
  }

  /// Whether nothing is read.
  package var isEmpty: Bool { categorical.isEmpty && bags.isEmpty && numeric.isEmpty }
}

extension FieldSelection {
  /// Every name that may be chosen in a layout.
  package static func names(of layout: FeatureLayout) -> [String] {
    layout.categorical.map(\.name) + layout.bags.map(\.name) + layout.numeric
  }

  /// Whether a column is what people name: the field itself, or what the schema makes of it, such as
  /// powers and the flag for missing values of a number, its buckets, or counters of an id.
  package static func covers(_ name: String, _ column: String) -> Bool {
    column == name || column == "\(name) is missing" || column.hasPrefix("\(name)^")
      || column.hasSuffix(" of \(name)")
  }

  /// Refuses names that cover no column.
  package static func check(
    _ key: String, _ names: [String], _ layout: FeatureLayout
  ) throws(RankerError) {
    let known = self.names(of: layout)
    for name in names where !known.contains(where: { covers(name, $0) }) {
      throw .unknownChoice(key: key, value: name, known: known)
    }
  }
}

extension RankingBatch {
  /// The batch as a model sees it that reads some fields. O(count) for the numbers, if some are left
  /// out; the other columns are shared.
  package func selecting(_ fields: FieldSelection) -> RankingBatch {
    var batch = self
    batch.categorical = fields.categorical.map { categorical[$0] }
    batch.bags = fields.bags.map { bags[$0] }
    batch.bagAges = fields.bags.map { bagAges[$0] }
    if fields.numeric.count < numericWidth {
      batch.numericWidth = fields.numeric.count
      batch.numeric = []
      batch.numeric.reserveCapacity(count * fields.numeric.count)
      for row in 0..<count {
        for column in fields.numeric { batch.numeric.append(numeric[row * numericWidth + column]) }
      }
    }
    return batch
  }
}
