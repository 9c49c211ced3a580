/// Numbered columns that are the elements of one list: `genre1`, `genre2`, `genre3`.
struct ColumnFamily {
  /// Their names, in file order.
  let columns: [String]
  let field: SchemaProposal.Field

  /// The families among some columns: neighbours in name whose values are largely the same. Numbers
  /// are only taken for elements where they are items.
  static func find(in profiles: [ColumnProfile], items: ColumnProfile?) -> [ColumnFamily] {
    var stems: [String] = []
    var members: [String: [ColumnProfile]] = [:]
    for profile in profiles {
      let stem = String(profile.name.reversed().drop(while: \.isNumber).reversed())
      guard stem != profile.name, !stem.isEmpty, profile.separator == nil else { continue }
      if members[stem] == nil { stems.append(stem) }
      members[stem, default: []].append(profile)
    }
    let known = items.map { Set($0.column.values) }
    return stems.compactMap { stem in
      guard let columns = members[stem], columns.count > 1 else { return nil }
      let sets = columns.map { Set($0.column.values.filter { !$0.isEmpty }) }
      let all = sets.reduce(into: Set<String>()) { $0.formUnion($1) }
      let sum = sets.reduce(0) { $0 + $1.count }
      guard Double(all.count) < 0.7 * Double(sum) else { return nil }
      var what = "elements of one list"
      if columns.contains(where: { $0.numbers != nil }) {
        guard let known, !all.isEmpty, all.count(where: { known.contains($0) }) * 2 >= all.count
        else {
          return nil
        }
        what = "items, as a list"
      }
      let names = columns.map { yaml($0.name) }.joined(separator: ", ")
      return ColumnFamily(
        columns: columns.map(\.name),
        field: SchemaProposal.Field(
          text: "{name: \(yaml(stem)), columns: [\(names)]}", comment: what))
    }
  }
}
