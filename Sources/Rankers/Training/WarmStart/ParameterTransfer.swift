package import NeuralNetworks
import RankingData
import Tensors

/// Takes over what another network has learnt: the rows of tables by the ids they stand for, all else by
/// name where both networks read the same. A network of another kind, whose tables have other names,
/// takes the rows of a field from the first table that has them as wide; the projection of images, which
/// does not depend on the kind, comes along where the images are those of the same encoder.
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
  let tables: [ParameterList.Entry]
  private let new: ParameterList
  let oldIds: Ids
  let newIds: Ids
  let groups: (_ section: String, _ id: String) -> String?
  let tablesOnly: Bool
  private let sameImages: Bool

  /// - Parameters:
  ///   - groups: what an id of a section belongs to; nil for nothing known.
  ///   - tablesOnly: whether the networks read different things.
  ///   - sameImages: whether the vectors of images are of one encoder.
  package init(
    from old: some Module, ids oldIds: @escaping Ids, to new: some Module,
    ids newIds: @escaping Ids, tablesOnly: Bool, sameImages: Bool = true,
    groups: @escaping (_ section: String, _ id: String) -> String? = { _, _ in nil }
  ) {
    self.old = Dictionary(
      ParameterList(old).entries.map { (Self.role($0.name), $0) },
      uniquingKeysWith: { first, _ in first })
    tables = ParameterList(old).entries.filter { !$0.sections.isEmpty }
    self.new = ParameterList(new)
    self.oldIds = oldIds
    self.newIds = newIds
    self.groups = groups
    self.tablesOnly = tablesOnly
    self.sameImages = sameImages
  }

  /// What stands before the name of the block that projects images.
  private static let images = "visual."

  /// The name of a parameter. Kinds of rankers keep the block that projects images at different depths.
  private static func role(_ name: String) -> String {
    let parts = name.split(separator: ".")
    guard let block = parts.firstIndex(of: images.dropLast()), block < parts.count - 1 else {
      return name
    }
    return parts[block...].joined(separator: ".")
  }

  /// Changes the new network's parameters. O(parameters + ids).
  package func run(seed: UInt64, into report: inout WarmStartReport) {
    var random = RandomStream(seed: seed, stream: 0x5741_524d)
    for entry in new.entries {
      let role = Self.role(entry.name)
      if !entry.sections.isEmpty {
        transfer(to: entry, &random, &report)
        continue
      }
      guard let source = old[role] else {
        report.fresh[entry.name] = "the other model has none"
        continue
      }
      if tablesOnly, !role.hasPrefix(Self.images) {
        report.fresh[entry.name] = "the models read different things"
      } else if tablesOnly, !sameImages {
        report.fresh[entry.name] = "the images are those of another encoder"
      } else if source.parameter.value.shape != entry.parameter.value.shape {
        report.fresh[entry.name] =
          "it is \(source.parameter.value.shape) wide there and \(entry.parameter.value.shape) here"
      } else {
        entry.parameter.value = source.parameter.value
        report.copied.append(entry.name)
      }
    }
  }
}
