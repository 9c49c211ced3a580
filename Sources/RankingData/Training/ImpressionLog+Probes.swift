extension ImpressionLog {
  /// The same impressions with other labels, and the histories that follow from them: what probes
  /// for leaks compare with. O(n log n).
  package func relabelled(_ labels: [Float]) -> ImpressionLog {
    precondition(labels.count == count, "\(count) rows need as many labels, not \(labels.count).")
    return ImpressionLog(self, labels: Column(labels))
  }

  private init(_ log: ImpressionLog, labels: Column<Float>) {
    schema = log.schema
    catalogue = log.catalogue
    timestamps = log.timestamps
    self.labels = labels
    taskLabels = log.taskLabels
    weights = log.weights
    itemsWithoutFeatures = log.itemsWithoutFeatures
    users = log.users
    items = log.items
    requests = log.requests
    table = log.table
    catalogueRows = log.catalogueRows
    offsets = log.offsets
    histories = Histories(
      users: log.users.codes, userCount: log.users.values.count, items: log.items.codes,
      times: log.timestamps, labels: labels)
  }

  /// Codes of the items that a row's user had responded to strictly before it, oldest first.
  package func history(before row: Int32, limit: Int) -> [Int32] {
    Array(histories.items[histories.range(of: Int(row), limit: limit)])
  }
}
