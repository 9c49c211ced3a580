import RankingData

/// Which fields of a layout are the candidate's and the history's, and which are neither.
struct SequenceReading: Sendable {
  /// Categorical fields of the candidate that the history has too: the item, then its attributes.
  let fields: [Int]
  /// Their bags.
  let bags: [Int]
  /// All other categorical fields.
  let contextFields: [Int]
  /// All other multi-valued fields.
  let contextBags: [Int]
  /// Whether events have images.
  let imagesInSequence: Bool

  /// - Throws: `RankerError.configuration` where there is no history or no item field.
  init(_ input: RankerInput) throws(RankerError) {
    let layout = input.layout
    guard let history = layout.historyBag, let item = layout.itemField else {
      throw .configuration(
        key: "schema",
        value: layout.historyBag == nil ? "no history" : "no item field",
        reason:
          "this kind of ranker compares the candidate with the user's history: list the item's"
          + " column under categorical, and 'history' under multi_valued")
    }
    fields = [item] + layout.historyAttributes.map(\.field)
    bags = [history] + layout.historyAttributes.map(\.bag)
    let (fields, bags) = (fields, bags)
    contextFields = layout.categorical.indices.filter { !fields.contains($0) }
    contextBags = layout.bags.indices.filter { !bags.contains($0) }
    imagesInSequence = input.readsImageHistory
  }

  /// The histories of a batch.
  func lists(of batch: RankingBatch) -> SharedLists {
    var beside = bags.dropFirst().map { batch.bags[$0] }
    if imagesInSequence, batch.visualHistory.count == batch.count {
      beside.append(batch.visualHistory)
    }
    return SharedLists(batch.bags[bags[0]], beside: beside, ages: batch.bagAges[bags[0]])
  }

  /// Table rows of the events, `[events, fields]` row-major.
  func events(of batch: RankingBatch, _ lists: SharedLists, in rows: FieldRows) -> [Int32] {
    let width = bags.count
    var result = [Int32](repeating: 0, count: lists.eventCount * width)
    for (column, index) in bags.enumerated() {
      let bag = batch.bags[index]
      for list in 0..<lists.count {
        let range = lists.events(of: list)
        let values = bag[Int(lists.firstRows[list])]
        precondition(
          values.count == range.count,
          "multi-valued field \(index) tells of \(values.count) events, the history of \(range.count)"
        )
        for (event, id) in zip(range, values) {
          result[event * width + column] = rows.row(id, inBag: index)
        }
      }
    }
    return result
  }

  /// The image of each event, -1 where there is none. Both lists end with the most recent item, so
  /// they are laid beside each other from their ends.
  func images(of batch: RankingBatch, _ lists: SharedLists) -> [Int32] {
    var result = [Int32](repeating: -1, count: lists.eventCount)
    guard batch.visualHistory.count == batch.count else { return result }
    for list in 0..<lists.count {
      let range = lists.events(of: list)
      let images = batch.visualHistory[Int(lists.firstRows[list])]
      for (event, image) in zip(range.reversed(), images.reversed()) { result[event] = image }
    }
    return result
  }
}
