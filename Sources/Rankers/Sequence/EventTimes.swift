import Foundation
package import Tensors

/// The times of SLi-Rec (Yu et al., IJCAI 2019): for each event of a history how long it came after the
/// one before (*interval*) and how long before the request (*recency*), as logarithms of days.
///
/// Below half a day nothing is told apart. What is unknown reads as 0, which is one day: the interval
/// of a first event, and both for an event of unknown age.
package struct EventTimes: Sendable {
  /// Of each event: log max(days since the event before, 0.5).
  package private(set) var intervals: [Scalar] = []
  /// Of each event: log max(days to the request, 0.5).
  package private(set) var recencies: [Scalar] = []
  /// The recency of each list's last event; 0 for an empty list.
  package private(set) var lastRecencies: [Scalar] = []

  /// O(events). Stops where an event is younger than the one after it: a history runs from the oldest
  /// to the most recent item, as the transforms of logs and requests make it.
  package init(_ lists: SharedLists) {
    intervals.reserveCapacity(lists.eventCount)
    recencies.reserveCapacity(lists.eventCount)
    for list in 0..<lists.count {
      let events = lists.events(of: list)
      for event in events {
        let age = lists.ages[event]
        let before = event > events.lowerBound ? lists.ages[event - 1] : -1
        precondition(
          before < 0 || age < 0 || before >= age,
          "event \(event - events.lowerBound) of the history of row \(lists.firstRows[list]) was "
            + "\(age) s before the request and the one before it \(before) s: a history runs from the "
            + "oldest to the most recent item")
        recencies.append(age < 0 ? 0 : Self.logDays(age))
        intervals.append(age < 0 || before < 0 ? 0 : Self.logDays(before - age))
      }
      lastRecencies.append(events.isEmpty ? 0 : recencies[events.upperBound - 1])
    }
  }

  private static func logDays(_ seconds: Float) -> Scalar {
    Scalar(log(max(Double(seconds) / 86_400, 0.5)))
  }
}
