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
    let past = try pastColumns()
    return groups.map { group in
      var group = group
      if let positions {
        group.sort { (positions[Int($0)], $0) < (positions[Int($1)], $1) }
      }
      return loggedRequest(group, features, past, historyLimit)
    }
  }

  private func featureColumns() throws(RankingDataError) -> [LoggedFeature] {
    let written = schema.features.union(["category"]).subtracting(schema.roles)
    var features: [LoggedFeature] = []
    for name in columnNames where written.contains(name) {
      features.append(try LoggedFeature(self, name))
    }
    return features
  }

  /// What the schema reads of past items.
  private func pastColumns() throws(RankingDataError) -> [LoggedFeature] {
    var features: [LoggedFeature] = []
    for name in schema.historyAttributes where name != schema.item {
      features.append(try LoggedFeature(self, name))
    }
    return features
  }

  private func pastEntry(_ event: Int, _ features: [LoggedFeature]) -> HistoryEntry {
    var entry = HistoryEntry(
      id: items.values[Int(histories.items[event])], timestamp: histories.times[event])
    for feature in features {
      guard let value = feature[histories.rows[event]] else { continue }
      if feature.name == "category" {
        entry.category = value.identifier
      } else {
        entry.features[feature.name] = value
      }
    }
    return entry
  }

  private func loggedRequest(
    _ group: [Int32], _ features: [LoggedFeature], _ past: [LoggedFeature], _ historyLimit: Int
  ) -> LoggedRequest {
    let first = Int(group[0])
    let events = histories.range(of: first, limit: historyLimit)
    var request = RankingRequest(
      id: requests[first], user: users[first],
      timestamp: schema.timestamp == nil ? nil : timestamps[first],
      history: events.map { pastEntry($0, past) }, items: [])
    var own: [LoggedFeature] = []
    for feature in features {
      if feature.name == "category" || !feature.isConstant(in: group) {
        own.append(feature)
      } else if let value = feature[group[0]] {
        request.context[feature.name] = value
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
      for feature in own {
        guard let value = feature[row] else { continue }
        if feature.name == "category" {
          candidate.category = value.identifier
        } else {
          candidate.features[feature.name] = value
        }
      }
      logged.request.items.append(candidate)
      logged.labels.append(label)
      logged.rows.append(row)
    }
    return logged
  }
}
