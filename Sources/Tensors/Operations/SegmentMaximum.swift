/// The largest value of each column over consecutive rows of x [n, width]: segment `i` is rows
/// `offsets[i] ..< offsets[i+1]`, an empty one reads as zeros. Of equal values the first gets the
/// gradient. O(n · width).
public func maximumOfSegments(_ x: Tensor, offsets: [Int32]) -> Tensor {
  let segments = max(offsets.count - 1, 0)
  precondition(
    x.shape.rank == 2 && offsets.first ?? 0 == 0 && Int(offsets.last ?? 0) == x.shape[0]
      && zip(offsets, offsets.dropFirst()).allSatisfy(<=),
    "segment offsets must rise from 0 to the rows of \(x.shape)")
  let shape = x.shape
  let width = shape[1]
  let source = x.storage.pointer
  // Where in `x` each maximum stands.
  var places = [Int](repeating: -1, count: segments * width)
  for segment in 0..<segments where offsets[segment] < offsets[segment + 1] {
    let rows = Int(offsets[segment])..<Int(offsets[segment + 1])
    for column in 0..<width { places[segment * width + column] = rows.lowerBound * width + column }
    for row in rows.dropFirst() {
      for column in 0..<width {
        let place = row * width + column
        // NaN is taken over, so that it cannot hide.
        if !(source[place] <= source[places[segment * width + column]]) {
          places[segment * width + column] = place
        }
      }
    }
  }
  let output = Tensor.unsafeUninitialized([segments, width]) { out in
    for (index, place) in places.enumerated() { out[index] = place < 0 ? 0 : source[place] }
  }
  return traced(output, x) { gradient in
    var spread = Tensor(zeros: shape)
    spread.withUnsafeMutablePointer { out in
      for (index, place) in places.enumerated() where place >= 0 {
        out[place] = gradient.storage.pointer[index]
      }
    }
    x.node.accumulate(spread)
  }
}
