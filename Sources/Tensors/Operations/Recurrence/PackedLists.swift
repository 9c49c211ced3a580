/// Lists of unequal length in the order in which a recurrent network reads them: longest list first,
/// and all first events, then all second ones, and so on. At every step the lists that still run are
/// the first rows of the step before, so nothing is padded and nothing is computed for lists that have
/// ended (as in PyTorch's packed sequences).
public struct PackedLists: Sendable {
  /// The event of each packed row: positions in the lists laid end to end.
  public let events: [Int32]
  /// The packed row of each event.
  public let positions: [Int32]
  /// The packed row of each list's last event; -1 for an empty list.
  public let lastRows: [Int32]
  /// The lists in packed order, empty ones last.
  public let order: [Int32]
  /// Step `t` is packed rows `steps[t] ..< steps[t + 1]`.
  let steps: [Int]

  /// - Parameter offsets: list `i` is events `offsets[i] ..< offsets[i + 1]`, the first to be read
  ///   first.
  /// - Complexity: O(lists · log lists + events).
  public init(offsets: [Int32]) {
    precondition(
      offsets.first ?? 0 == 0 && zip(offsets, offsets.dropFirst()).allSatisfy(<=),
      "list offsets must rise from 0")
    let count = max(offsets.count - 1, 0)
    let length = { (list: Int32) in offsets[Int(list) + 1] - offsets[Int(list)] }
    // Equal lengths in the order given, so that the result depends on the lists alone.
    let order = (0..<Int32(count)).sorted { a, b in
      length(a) != length(b) ? length(a) > length(b) : a < b
    }
    let total = Int(offsets.last ?? 0)
    var events: [Int32] = []
    var positions = [Int32](repeating: 0, count: total)
    var lastRows = [Int32](repeating: -1, count: count)
    var steps = [0]
    events.reserveCapacity(total)
    var running = order[...]
    var step: Int32 = 0
    while true {
      while let shortest = running.last, length(shortest) <= step { running.removeLast() }
      if running.isEmpty { break }
      for list in running {
        let event = offsets[Int(list)] + step
        positions[Int(event)] = Int32(events.count)
        lastRows[Int(list)] = Int32(events.count)
        events.append(event)
      }
      steps.append(events.count)
      step += 1
    }
    self.events = events
    self.positions = positions
    self.lastRows = lastRows
    self.order = order
    self.steps = steps
  }

  /// Number of lists.
  public var count: Int { order.count }
  /// Events of all lists.
  public var eventCount: Int { events.count }
  /// Length of the longest list.
  public var stepCount: Int { steps.count - 1 }

  /// The packed rows of a step.
  func rows(ofStep step: Int) -> Range<Int> { steps[step]..<steps[step + 1] }
}
