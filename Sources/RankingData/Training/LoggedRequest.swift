/// Impressions grouped into the requests they answered, with what was clicked: the training and
/// evaluation data of slate models.
public struct LoggedRequest: Sendable, Hashable {
  /// The request, items in the order they were shown.
  public var request: RankingRequest
  /// The label of each item.
  public var labels: [Float]
  /// The log's row of each item.
  public var rows: [Int32]
}

extension ImpressionLog {
  /// Groups rows by request, in order of first appearance.
  ///
  /// Items follow the column `position` where there is one, else the order of the file. An item
  /// that was shown twice in a request stands once, clicked if either was. Columns that are
  /// constant within a request become its context, others features of the items. The history is
  /// the one strictly before the request's first row.
  /// - Parameters:
  ///   - rows: which rows; all when `nil`.
  ///   - historyLimit: longest history, most recent items.
  /// - Throws: `RankingDataError` where a position is no whole number.
  public func loggedRequests(rows: [Int32]? = nil, historyLimit: Int = 50)
    throws(RankingDataError) -> [LoggedRequest]
  {
    var groups: [[Int32]] = []
    var groupOfRequest = [Int](repeating: -1, count: requests.values.count)
    for row in rows ?? Array(0..<Int32(count)) {
      let request = Int(requests.codes[Int(row)])
      if groupOfRequest[request] < 0 {
        groupOfRequest[request] = groups.count
        groups.append([])
      }
      groups[groupOfRequest[request]].append(row)
    }
    let positions = table.has("position") ? try table.integers("position") : nil
    let features = try featureColumns()
    return groups.map { group in
      var group = group
      if let positions {
        group.sort { (positions[Int($0)], $0) < (positions[Int($1)], $1) }
      }
      return loggedRequest(group, features, historyLimit)
    }
  }

  private func featureColumns() throws(RankingDataError) -> [Table.TextColumn] {
    let reserved: Set = [
      schema.label, schema.request, schema.user, schema.item, schema.timestamp,
      schema.weight ?? schema.label, "position", "id", "path",
    ]
    var names = table.names
    names += catalogue?.table.names.filter { !table.has($0) } ?? []
    var columns: [Table.TextColumn] = []
    for name in names where !reserved.contains(name) { columns.append(try text(name)) }
    return columns
  }

  private func loggedRequest(
    _ group: [Int32], _ columns: [Table.TextColumn], _ historyLimit: Int
  ) -> LoggedRequest {
    let first = Int(group.min() ?? 0)
    let events = histories.range(of: first, limit: historyLimit)
    var request = RankingRequest(
      id: requests[first], user: users[first], timestamp: timestamps[first],
      history: events.map { event in
        HistoryEntry(
          id: items.values[Int(histories.items[event])], timestamp: histories.times[event])
      },
      items: [])
    var own: [Table.TextColumn] = []
    for column in columns {
      let code = column.codes[first]
      if column.name == "category" || !group.allSatisfy({ column.codes[Int($0)] == code }) {
        own.append(column)
      } else if !column[first].isEmpty {
        request.context[column.name] = .text(column[first])
      }
    }
    var logged = LoggedRequest(request: request, labels: [], rows: [])
    var places: [Int32: Int] = [:]
    for row in group {
      let label = labels[Int(row)]
      if let place = places[items.codes[Int(row)]] {
        logged.labels[place] = max(logged.labels[place], label)
        continue
      }
      places[items.codes[Int(row)]] = logged.rows.count
      var candidate = Candidate(id: items[Int(row)])
      for column in own where !column[Int(row)].isEmpty {
        if column.name == "category" {
          candidate.category = column[Int(row)]
        } else {
          candidate.features[column.name] = .text(column[Int(row)])
        }
      }
      logged.request.items.append(candidate)
      logged.labels.append(label)
      logged.rows.append(row)
    }
    return logged
  }
}
