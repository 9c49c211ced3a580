import Foundation
package import Tensors

/// The times of SLi-Rec (Yu et al., IJCAI 2019): for each event of a history how long it came after the
/// one before (*interval*) and how long before the request (*recency*), as logarithms of days.
///
/// Below half a day nothing is told apart, nor is an event that claims to be younger than the one after
/// it: transforms sort histories by time, and only a request that leaves out some of its times brings
/// such a thing. What is unknown reads as 0, which is one day: the interval of a first event, and both
/// for an event of unknown age.
package struct EventTimes: Sendable {
  /// Of each event: log max(days since the event before, 0.5).
  package private(set) var intervals: [Scalar] = []
  /// Of each event: log max(days to the request, 0.5).
  package private(set) var recencies: [Scalar] = []
  /// The recency of each list's last event; 0 for an empty list.
  package private(set) var lastRecencies: [Scalar] = []

  /// O(events).
  package init(_ lists: SharedLists) {
    intervals.reserveCapacity(lists.eventCount)
    recencies.reserveCapacity(lists.eventCount)
    for list in 0..<lists.count {
      let events = lists.events(of: list)
      for event in events {
        let age = lists.ages[event]
        let before = event > events.lowerBound ? lists.ages[event - 1] : -1
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
