import RankingData

/// Which rows belong to which request, wherever they stand.
package struct RequestRows: Sendable {
  private let rows: Bag

  /// Groups rows by their request's number; requests in the order in which they first appear, and
  /// each one's rows in their own. O(n).
  package init(_ requests: [Int32]) {
    var place: [Int32: Int] = [:]
    let places = requests.map { request -> Int in
      if let known = place[request] { return known }
      place[request] = place.count
      return place.count - 1
    }
    var offsets = [Int32](repeating: 0, count: place.count + 1)
    for place in places { offsets[place + 1] += 1 }
    for place in 0..<place.count { offsets[place + 1] += offsets[place] }
    var next = offsets
    var values = [Int32](repeating: 0, count: requests.count)
    for (row, place) in places.enumerated() {
      values[Int(next[place])] = Int32(row)
      next[place] += 1
    }
    rows = Bag(values: values, offsets: offsets)
  }

  /// Number of requests.
  package var count: Int { rows.count }

  /// The rows of a request.
  package subscript(_ request: Int) -> ArraySlice<Int32> { rows[request] }

  /// Whether some row of a request is to stand above another.
  package func isComparable(_ request: Int, _ labels: [Float]) -> Bool {
    let rows = rows[request]
    return rows.contains { labels[Int($0)] != labels[Int(rows[rows.startIndex])] }
  }
}
