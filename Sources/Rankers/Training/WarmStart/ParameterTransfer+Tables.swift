import NeuralNetworks
import Tensors

extension ParameterTransfer {
  /// Numbers in a row of a table.
  private static func width(_ entry: ParameterList.Entry) -> Int {
    entry.parameter.value.shape.dimensions.dropFirst().reduce(1, *)
  }

  /// The tables that one may take over rows from: the one of its name, or else, in another kind of
  /// network, all as wide.
  private func sources(of entry: ParameterList.Entry) -> [ParameterList.Entry] {
    if let named = tables.first(where: { $0.name == entry.name }) { return [named] }
    return tablesOnly ? tables.filter { Self.width($0) == Self.width(entry) } : []
  }

  func transfer(
    to entry: ParameterList.Entry, _ random: inout RandomStream, _ report: inout WarmStartReport
  ) {
    let width = Self.width(entry)
    let sources = sources(of: entry)
    guard let first = sources.first else {
      report.fresh[entry.name] = "the other model has none"
      return
    }
    guard Self.width(first) == width else {
      report.fresh[entry.name] = "its rows are \(Self.width(first)) wide there and \(width) here"
      return
    }
    var values = entry.parameter.value.scalars
    for section in entry.sections {
      let found = sources.lazy.compactMap { source in
        source.sections.first { $0.name == section.name }.map { (source, $0.rows) }
      }.first
      guard let (source, oldRows) = found,
        let own = newIds(section.name), let others = oldIds(section.name)
      else {
        report.fresh["\(entry.name), \(section.name)"] = "the other model has no such field"
        continue
      }
      let rows = own.rows(in: others, count: section.rows.count)
      var part = SectionTransfer(
        old: source.parameter.value.slice(axis: 0, oldRows).scalars,
        new: Array(values[section.rows.lowerBound * width..<section.rows.upperBound * width]),
        width: width, rows: rows)
      part.fill(own, random: &random) { groups(section.name, $0) }
      let factor = tablesOnly ? part.rescale() : nil
      values.replaceSubrange(
        section.rows.lowerBound * width..<section.rows.upperBound * width, with: part.values)
      report.sections.append(
        .init(
          table: entry.name, field: section.name, rows: section.rows.count,
          mapped: rows.count { $0 >= 0 }, coverage: nil, rescaled: factor,
          neighbourOverlap: part.neighbourOverlap()))
    }
    entry.parameter.value = Tensor(values, shape: entry.parameter.value.shape)
  }
}
