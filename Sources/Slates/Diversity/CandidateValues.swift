/// The value of each candidate and whether it can still be taken.
///
/// On its own it is the selection that looks at nothing else: descending values.
package struct CandidateValues: SlateSelection {
  /// Finite; at least one a candidate.
  var values: [Double]
  /// 1 for a candidate that was not taken, else 0.
  private(set) var open: [UInt8]

  package init(_ values: [Double]) {
    self.init(values, count: values.count)
  }

  /// The first `count` of `values` are candidates; what follows fills a block of a kernel.
  init(_ values: [Double], count: Int) {
    self.values = values
    open = [UInt8](repeating: 1, count: count)
  }

  /// O(n).
  package func best(_ allowed: [UInt8]) -> Int? {
    DiversityKernels.best(values, open, allowed)
  }

  package mutating func take(_ candidate: Int) {
    precondition(open[candidate] != 0, "candidate \(candidate) was taken before")
    open[candidate] = 0
  }

  package func nearest(_ candidate: Int) -> (candidate: Int, similarity: Double)? { nil }
}
