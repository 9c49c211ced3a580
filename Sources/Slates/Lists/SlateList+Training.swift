import Tensors

extension SlateList {
  /// The lists that teach something: those with a click.
  /// - Throws: `SlateError.noClicks` where there are none.
  static func clicked(_ lists: [SlateList], _ part: String) throws(SlateError) -> [SlateList] {
    let clicked = lists.filter(\.hasClicks)
    guard !clicked.isEmpty else { throw .noClicks(lists: lists.count, part: part) }
    return clicked
  }

  /// The lists of an epoch in random order, in batches of lists of similar length.
  static func batches(
    _ lists: [SlateList], of size: Int, seed: UInt64, epoch: Int
  ) -> [[SlateList]] {
    var random = RandomStream(seed: seed, stream: UInt64(epoch))
    // Padding costs time: lists are sorted by length within stretches of many batches, which
    // leaves enough chance in what meets in a batch.
    let shuffled = lists.shuffled(using: &random)
    let stretch = 32 * size
    var batches: [[SlateList]] = []
    for start in stride(from: 0, to: shuffled.count, by: stretch) {
      let part = shuffled[start..<min(start + stretch, shuffled.count)].enumerated()
        .sorted { ($0.element.count, $0.offset) < ($1.element.count, $1.offset) }
        .map(\.element)
      for first in stride(from: 0, to: part.count, by: size) {
        batches.append(Array(part[first..<min(first + size, part.count)]))
      }
    }
    return batches.shuffled(using: &random)
  }
}
