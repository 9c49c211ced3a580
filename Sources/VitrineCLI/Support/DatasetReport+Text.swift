import Foundation
import Vitrine

extension DatasetReport {
  /// The report for people.
  var text: String {
    var lines = ["\(folder): \(rows) rows"]
    let counts = [
      requests.map { "\($0) requests" }, users.map { "\($0) users" }, items.map { "\($0) items" },
      catalogueItems.map { "\($0) in the catalogue" },
      itemsWithoutFeatures > 0 ? "\(itemsWithoutFeatures) items without features" : nil,
    ].compactMap { $0 }
    if !counts.isEmpty { lines.append(counts.joined(separator: ", ")) }
    if let times { lines.append("from \(times[0].time) to \(times[1].time)") }
    let grades = (labels ?? [:]).sorted { (Double($0.key) ?? 0) < (Double($1.key) ?? 0) }
    lines.append(
      "labels: \((100 * positiveShare).text(2))% positive, mean \(meanLabel.text(4))"
        + (grades.count > 2
          ? " (" + grades.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + ")" : ""))
    for balance in balance {
      lines.append(
        "\(balance.field): \(balance.ids) ids, \(balance.onlyPositive) with positive labels alone,"
          + " \(balance.onlyNegative) with negative labels alone, \(balance.below20) with fewer than"
          + " 20 rows (\(balance.rowsBelow20) rows)")
    }
    var table = TextTable(["column", "kind", "missing", "distinct", "least", "most", "frequent"])
    for column in columns {
      table.add([
        column.name, column.kinds.joined(separator: "+"), "\(column.missing)",
        column.distinct.map(String.init) ?? "-", column.minimum.map(Self.short) ?? "-",
        column.maximum.map(Self.short) ?? "-",
        column.top.prefix(3).map { "\($0.value.prefix(24)) \($0.count)" }.joined(separator: ", "),
      ])
    }
    lines.append(table.text)
    var cost = "\(Self.megabytes(sourceBytes)) read, \(Self.megabytes(bytes)) written"
    if let seconds, let rowsPerSecond {
      cost += ", \(seconds.text(1)) s, \(rowsPerSecond.text(0)) rows/s"
    }
    lines.append(cost)
    return lines.joined(separator: "\n")
  }

  private static func short(_ value: Double) -> String {
    value == value.rounded() && value.magnitude < 1e15
      ? "\(Int(value))" : String(format: "%.4g", value)
  }

  private static func megabytes(_ bytes: Int) -> String {
    "\((Double(bytes) / 1e6).text(1)) MB"
  }
}

extension Int64 {
  /// A time in seconds since 1970, as people write it.
  var time: String {
    let limit: Int64 = 253_402_300_799
    guard (0...limit).contains(self) else { return "\(self)" }
    return Date(timeIntervalSince1970: Double(self)).formatted(.iso8601)
  }
}
