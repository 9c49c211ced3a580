/// The rows of a log as ranked lists: request after request, each best first.
///
/// Scores and requests are radix-sorted, so ten million rows take about a second and every metric
/// reads its lists where they lie. O(rows + largest request number).
package struct RankedRequests: Sendable {
  /// Grades, best score first within each request.
  let relevance: [Float]
  /// Grades, best grade first within each request.
  let ideal: [Float]
  /// `count + 1` positions.
  let starts: [Int]
  /// The request number of each list.
  package let requests: [Int32]

  /// Number of requests.
  package var count: Int { requests.count }
  /// The highest grade of all.
  package let highestGrade: Float

  /// - Parameters:
  ///   - labels: grades from 0 to 64.
  ///   - requests: dense request numbers.
  ///   - ties: what orders equal scores, smaller first, such as the place of a row's item among all
  ///     ids; rows keep their order where `nil`.
  /// - Throws: `EvaluationError` for NaN, unequal lengths, or grades out of range.
  package init(
    scores: [Float], labels: [Float], requests: [Int32], ties: [Int32]? = nil
  ) throws(EvaluationError) {
    try checkCounts(scores.count, ("labels", labels.count), ("requests", requests.count))
    if let ties { try checkCounts(scores.count, ("tie breaks", ties.count)) }
    try check(scores, "Score", in: finite)
    try checkRelevance(labels)
    let members = try GroupMembers(requests)
    var sorted = members.grouped(ScoreOrder(scores).entries.reversed(), by: requests)
    Self.breakTies(&sorted, members, ties ?? [])
    relevance = sorted.map { labels[Int($0 & 0xFFFF_FFFF)] }
    var ideal = relevance
    var numbers: [Int32] = []
    var starts = [0]
    for request in 0..<members.count where members.starts[request] < members.starts[request + 1] {
      ideal[members.starts[request]..<members.starts[request + 1]].sortDescending()
      numbers.append(Int32(request))
      starts.append(members.starts[request + 1])
    }
    self.ideal = ideal
    self.requests = numbers
    self.starts = starts
    highestGrade = labels.max() ?? 0
  }

  private static func breakTies(
    _ sorted: inout [UInt64], _ members: GroupMembers, _ ties: [Int32]
  ) {
    for request in 0..<members.count {
      let end = members.starts[request + 1]
      var place = members.starts[request]
      while place < end {
        var next = place + 1
        while next < end, sorted[next] >> 32 == sorted[place] >> 32 { next += 1 }
        if next - place > 1 {
          sorted[place..<next].sort { a, b in
            let (first, second) = (Int(a & 0xFFFF_FFFF), Int(b & 0xFFFF_FFFF))
            return ties.isEmpty || ties[first] == ties[second]
              ? first < second : ties[first] < ties[second]
          }
        }
        place = next
      }
    }
  }

  /// The value of each request, in the order of `requests`; `nil` where nothing is relevant.
  package func values(of metric: some ListMetric) -> [Double?] {
    (0..<count).map { list in
      let range = starts[list]..<starts[list + 1]
      return metric.value(
        relevance.span.extracting(range), ideal: ideal.span.extracting(range))
    }
  }
}

extension ArraySlice<Float> {
  /// Most lists are short and most grades equal, where insertion beats everything.
  fileprivate mutating func sortDescending() {
    guard count <= 32 else { return sort(by: >) }
    for place in indices.dropFirst() {
      let value = self[place]
      var hole = place
      while hole > startIndex, self[hole - 1] < value {
        self[hole] = self[hole - 1]
        hole -= 1
      }
      self[hole] = value
    }
  }
}
