import Foundation
package import NeuralNetworks
package import RankingData
import Tensors

/// Lays the vocabularies of all fields end to end in one table, so that a batch needs one lookup
/// and its gradient one scatter, however many fields there are.
///
/// An id outside its vocabulary is by definition unknown and reads the field's row 0, or no row where
/// the unknown has no vector.
package struct FieldRows: Sendable {
  private struct Segment: Sendable {
    let start: Int32
    let rows: Int32
    /// What an unknown id reads.
    let unknown: Int32

    func row(_ id: Int32) -> Int32 { id > 0 && id < rows ? start + id : unknown }
  }

  /// What follows the name of a multi-valued field in a section.
  package static let listMark = "[]"

  private let categorical: [Segment]
  private let bags: [Segment]
  private let historyBag: Int?
  /// Rows of the table.
  package let count: Int
  /// Which rows are whose: categorical fields by their names, multi-valued ones that have rows of their
  /// own by theirs with `[]`.
  package let sections: [ParameterList.Section]

  /// - Parameters:
  ///   - sharingHistory: whether the history reads the rows of the item field instead of rows of its
  ///     own, and its attributes those of their fields. Item and history then live in one space, where
  ///     closeness means likeness.
  ///   - unknownIsZero: whether unknown ids are given row -1, which reads as zeros, in the place of
  ///     their field's row 0.
  /// - Throws: `RankerError.configuration` for more rows than 32 bits number.
  package init(
    _ layout: FeatureLayout, sharingHistory: Bool, unknownIsZero: Bool = false
  ) throws(RankerError) {
    for field in layout.categorical + layout.bags {
      try check("rows of \(field.name)", field.rows, 0...Int(Int32.max))
    }
    var next = 0
    var sections: [ParameterList.Section] = []
    func segment(_ field: FeatureLayout.Field, mark: String = "") -> Segment {
      let start = Int32(clamping: next)
      sections.append(.init(name: field.name + mark, rows: next..<next + field.rows))
      next += field.rows
      return Segment(start: start, rows: Int32(field.rows), unknown: unknownIsZero ? -1 : start)
    }
    historyBag = layout.historyBag
    let categorical = layout.categorical.map { segment($0) }
    bags = layout.bags.indices.map { index in
      if sharingHistory, index == layout.historyBag, let item = layout.itemField {
        return categorical[item]
      }
      if sharingHistory, let own = layout.historyAttributes.first(where: { $0.bag == index }) {
        return categorical[own.field]
      }
      return segment(layout.bags[index], mark: Self.listMark)
    }
    self.categorical = categorical
    self.sections = sections
    count = next
    guard count <= Int(Int32.max) else {
      throw .configuration(
        key: "schema", value: "\(count) ids in all fields together",
        reason:
          "a ranker numbers them in one table of at most \(Int32.max): give fields with 'hash' "
          + "fewer rows")
    }
  }

  /// Throws `RankerError.configuration` where the machine has not the memory for `width` numbers a row.
  package func verify(width: Int) throws(RankerError) {
    let needed = Double(count) * Double(width) * Double(MemoryLayout<Scalar>.size)
    let memory = Double(ProcessInfo.processInfo.physicalMemory)
    guard needed >= memory else { return }
    func gigabytes(_ bytes: Double) -> String { "\(Int((bytes / 1e9).rounded(.up))) GB" }
    throw .configuration(
      key: "schema", value: "\(count) ids in all fields together",
      reason:
        "\(width) numbers for each would take \(gigabytes(needed)), and training several times "
        + "that, where this machine has \(gigabytes(memory)): lower 'hash' or the model's width, or "
        + "raise 'minimum_count'")
  }

  /// Fields with one id a row.
  package var categoricalCount: Int { categorical.count }
  /// Fields with a list of ids a row.
  package var bagCount: Int { bags.count }

  /// Table rows of the categorical fields: `[count, fields]`, row-major.
  package func categoricalRows(_ batch: RankingBatch) -> [Int32] {
    precondition(
      batch.categorical.count == categorical.count,
      "a ranker of \(categorical.count) categorical fields was given \(batch.categorical.count)")
    return categoricalRows(batch, fields: Array(categorical.indices))
  }

  /// The same of some fields, in the order given.
  package func categoricalRows(_ batch: RankingBatch, fields: [Int]) -> [Int32] {
    let width = fields.count
    var rows = [Int32](repeating: 0, count: batch.count * width)
    for (column, field) in fields.enumerated() {
      let segment = categorical[field]
      var position = column
      for id in batch.categorical[field] {
        rows[position] = segment.row(id)
        position += width
      }
    }
    return rows
  }

  /// Table rows of the multi-valued fields: `count * fields` lists, the fields of a row together.
  package func bagRows(_ batch: RankingBatch) -> Bag {
    precondition(
      batch.bags.count == bags.count,
      "a ranker of \(bags.count) multi-valued fields was given \(batch.bags.count)")
    return bagRows(batch, fields: Array(bags.indices))
  }

  /// The table row of an id of a multi-valued field.
  package func row(_ id: Int32, inBag field: Int) -> Int32 { bags[field].row(id) }

  /// The same of some multi-valued fields, in the order given.
  package func bagRows(_ batch: RankingBatch, fields: [Int]) -> Bag {
    var values: [Int32] = []
    var offsets: [Int32] = [0]
    values.reserveCapacity(fields.reduce(0) { $0 + batch.bags[$1].values.count })
    offsets.reserveCapacity(batch.count * fields.count + 1)
    for row in 0..<batch.count {
      for field in fields {
        let (segment, bag) = (bags[field], batch.bags[field])
        for position in bag.range(of: row) { values.append(segment.row(bag.values[position])) }
        offsets.append(Int32(values.count))
      }
    }
    return Bag(values: values, offsets: offsets)
  }

  /// The table row of the most recent event of each history; -1, which reads as zeros, where a
  /// history is empty or there is none.
  package func lastRows(_ batch: RankingBatch) -> [Int32] {
    guard let historyBag else { return [Int32](repeating: -1, count: batch.count) }
    let (bag, segment) = (batch.bags[historyBag], bags[historyBag])
    return (0..<batch.count).map { row in bag[row].last.map(segment.row) ?? -1 }
  }
}
