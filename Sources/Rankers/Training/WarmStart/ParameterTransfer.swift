package import NeuralNetworks
import RankingData
import Tensors

/// Takes over what another network has learnt: the rows of tables by the ids they stand for, all else by
/// name where both networks read the same.
///
/// A row whose id the other did not know becomes the mean of the rows of its group (of an item's
/// category, say), or else of its field, and a tenth of the field's deviation at random, so that two of
/// them are not the same. Where only tables are taken over, a new network is to work with them: if their
/// vectors are more than twice as long as those it is made for, or less than half, they are brought to
/// that length. A network that comes along keeps the vectors it knows.
package struct ParameterTransfer {
  /// Says what the rows of a section stand for.
  package typealias Ids = (_ section: String) -> TableIds?

  private let old: [String: ParameterList.Entry]
  private let new: ParameterList
  private let oldIds: Ids
  private let newIds: Ids
  private let groups: (_ section: String, _ id: String) -> String?
  private let tablesOnly: Bool

  /// - Parameters:
  ///   - groups: what an id of a section belongs to; nil for nothing known.
  ///   - tablesOnly: whether the networks read different things.
  package init(
    from old: some Module, ids oldIds: @escaping Ids, to new: some Module,
    ids newIds: @escaping Ids, tablesOnly: Bool,
    groups: @escaping (_ section: String, _ id: String) -> String? = { _, _ in nil }
  ) {
    self.old = Dictionary(
      ParameterList(old).entries.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    self.new = ParameterList(new)
    self.oldIds = oldIds
    self.newIds = newIds
    self.groups = groups
    self.tablesOnly = tablesOnly
  }

  /// Changes the new network's parameters. O(parameters + ids).
  package func run(seed: UInt64, into report: inout WarmStartReport) {
    var random = RandomStream(seed: seed, stream: 0x5741_524d)
    for entry in new.entries {
      guard let source = old[entry.name] else {
        report.fresh[entry.name] = "the other model has none"
        continue
      }
      if !entry.sections.isEmpty, !source.sections.isEmpty {
        transfer(source, to: entry, &random, &report)
      } else if tablesOnly, !entry.name.hasPrefix("visual.") {
        report.fresh[entry.name] = "the models read different things"
      } else if source.parameter.value.shape != entry.parameter.value.shape {
        report.fresh[entry.name] =
          "it is \(source.parameter.value.shape) wide there and \(entry.parameter.value.shape) here"
      } else {
        entry.parameter.value = source.parameter.value
        report.copied.append(entry.name)
      }
    }
  }

  private func transfer(
    _ source: ParameterList.Entry, to entry: ParameterList.Entry, _ random: inout RandomStream,
    _ report: inout WarmStartReport
  ) {
    let width = entry.parameter.value.shape.dimensions.dropFirst().reduce(1, *)
    let oldWidth = source.parameter.value.shape.dimensions.dropFirst().reduce(1, *)
    guard width == oldWidth else {
      report.fresh[entry.name] = "its rows are \(oldWidth) wide there and \(width) here"
      return
    }
    let from = source.parameter.value.scalars
    var values = entry.parameter.value.scalars
    for section in entry.sections {
      guard let other = source.sections.first(where: { $0.name == section.name }),
        let own = newIds(section.name), let others = oldIds(section.name)
      else {
        report.fresh["\(entry.name), \(section.name)"] = "the other model has no such field"
        continue
      }
      let rows = own.rows(in: others, count: section.rows.count)
      var part = SectionTransfer(
        old: Array(from[other.rows.lowerBound * width..<other.rows.upperBound * width]),
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
