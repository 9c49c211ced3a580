package import RankingData

/// What the rows of a section of a table stand for.
package enum TableIds: Sendable, Hashable {
  /// Row 0 is the unknown, row `i + 1` the id at `i`.
  case ids([String])
  /// Ids are hashed to so many rows behind the unknown.
  case hashed(Int)

  /// For each row here, the row there that stands for the same: 0 for the unknown, -1 for none.
  package func rows(in other: TableIds, count: Int) -> [Int32] {
    switch (self, other) {
    case (.hashed(let own), .hashed(let others)) where own == others:
      return Array(0..<Int32(count))
    case (.ids(let ids), .ids(let others)):
      let places = Dictionary(
        zip(others, 1...Int32(max(1, others.count))), uniquingKeysWith: { first, _ in first })
      return [0] + ids.map { places[$0] ?? -1 }
    case (.hashed, _), (.ids, .hashed):
      return [0] + [Int32](repeating: -1, count: count - 1)
    }
  }
}

extension FeatureTransform {
  /// What a section by this name stands for; nil where the transform has no such field.
  package func tableIds(_ section: String) -> TableIds? {
    func of(_ vocabulary: Vocabulary) -> TableIds {
      vocabulary.hashRows.map(TableIds.hashed) ?? .ids(vocabulary.ids)
    }
    if section.hasSuffix(FieldRows.listMark) {
      let name = section.dropLast(FieldRows.listMark.count)
      return layout.bags.firstIndex { $0.name == name }.map { of(bags[$0]) }
    }
    if let place = schema.categorical.firstIndex(where: { $0.name == section }) {
      return of(categorical[place])
    }
    if let cross = crosses.first(where: { $0.name == section }) { return of(cross.vocabulary) }
    return layout.categorical.contains { $0.name == section } ? .ids(ids(of: section)) : nil
  }
}
