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
  /// that was shown twice in a request stands once, clicked if either was. The schema's fields and
  /// `category` are taken along: those constant within a request as its context, others as features
  /// of the items. The history is the one strictly before the request.
  /// - Parameters:
  ///   - rows: which rows; all when `nil`.
  ///   - historyLimit: longest history, most recent items; by default what the schema reads, and at
  ///     least 50.
  /// - Throws: `RankingDataError` where a position is no whole number.
  public func loggedRequests(rows: [Int32]? = nil, historyLimit: Int? = nil)
    throws(RankingDataError) -> [LoggedRequest]
  {
    let historyLimit = historyLimit ?? max(50, schema.historyLimit)
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

  /// A column to write into requests, and whether an empty cell is written too: left out, it would
  /// let the catalogue's value through, which is not what the log says of that moment.
  private typealias Feature = (column: Table.TextColumn, writesEmpty: Bool)

  private func featureColumns() throws(RankingDataError) -> [Feature] {
    let written = schema.features.union(["category"]).subtracting(schema.roles)
    var features: [Feature] = []
    for name in table.names + (catalogue?.table.names ?? []) where written.contains(name) {
      if features.contains(where: { $0.column.name == name }) { continue }
      let isInBoth = table.has(name) && catalogue?.table.has(name) ?? false
      features.append((try text(name), isInBoth))
    }
    return features
  }

  private func loggedRequest(
    _ group: [Int32], _ features: [Feature], _ historyLimit: Int
  ) -> LoggedRequest {
    let first = Int(group[0])
    let events = histories.range(of: first, limit: historyLimit)
    var request = RankingRequest(
      id: requests[first], user: users[first],
      timestamp: schema.timestamp == nil ? nil : timestamps[first],
      history: events.map { event in
        HistoryEntry(
          id: items.values[Int(histories.items[event])], timestamp: histories.times[event])
      },
      items: [])
    var own: [Feature] = []
    for feature in features {
      let column = feature.column
      let code = column.codes[first]
      if column.name == "category" || !group.allSatisfy({ column.codes[Int($0)] == code }) {
        own.append(feature)
      } else if feature.writesEmpty || !column[first].isEmpty {
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
      for (column, writesEmpty) in own where writesEmpty || !column[Int(row)].isEmpty {
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
