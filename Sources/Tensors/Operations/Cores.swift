import Dispatch

/// Below so many elements a second thread costs more than it brings.
private let worthThreads = 1 << 18

/// Calls `body` once for each of `0 ..< count`: side by side if there are many `elements` to work
/// on, one after the other otherwise. The calls must be independent of one another.
package func overCores(_ count: Int, elements: Int, _ body: (Int) -> Void) {
  guard elements >= worthThreads else { return (0..<count).forEach(body) }
  // Pointers cannot say that they may be shared; the caller promises it, see above.
  withoutActuallyEscaping(body) { body in
    nonisolated(unsafe) let body = body
    DispatchQueue.concurrentPerform(iterations: count) { body($0) }
  }
}

/// Cuts `0 ..< count` into ranges, which depend on nothing but `count`, and calls `body` once for
/// each, side by side if there are many. For element-wise work on contiguous memory.
package func overPieces(of count: Int, _ body: (Range<Int>) -> Void) {
  guard count >= worthThreads else { return body(0..<count) }
  // Large against the cost of a call, small enough to share out evenly, and whole cache lines.
  let piece = 1 << 16
  overCores((count + piece - 1) / piece, elements: count) { index in
    body(index * piece..<min((index + 1) * piece, count))
  }
}
