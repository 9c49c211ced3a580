/// Rows in ascending order of their scores; equal scores keep their order.
///
/// Scores are mapped to integers of the same order and radix-sorted together with their row, which
/// is several times faster than comparing, and stable. O(n).
struct ScoreOrder {
  /// Sort key in the high half, row in the low half.
  let entries: [UInt64]

  init(_ scores: [Float]) {
    var entries: [UInt64] = []
    entries.reserveCapacity(scores.count)
    for (row, score) in scores.enumerated() {
      // Adding zero makes -0 and 0 one score.
      let bits = (score + 0).bitPattern
      let key = bits & 0x8000_0000 != 0 ? ~bits : bits | 0x8000_0000
      entries.append(UInt64(key) << 32 | UInt64(UInt32(truncatingIfNeeded: row)))
    }
    var other = [UInt64](repeating: 0, count: entries.count)
    for shift in [UInt64(32), 43, 54] {
      var starts = [Int](repeating: 0, count: 2049)
      for entry in entries { starts[Int((entry >> shift) & 2047) + 1] += 1 }
      for digit in 0..<2048 { starts[digit + 1] += starts[digit] }
      for entry in entries {
        let digit = Int((entry >> shift) & 2047)
        other[starts[digit]] = entry
        starts[digit] += 1
      }
      swap(&entries, &other)
    }
    self.entries = entries
  }

  /// Number of rows.
  var count: Int { entries.count }

  /// The row at a place of the order.
  func row(_ place: Int) -> Int { Int(truncatingIfNeeded: entries[place] & 0xFFFF_FFFF) }

  /// Whether two places have equal scores.
  func isTie(_ a: Int, _ b: Int) -> Bool { entries[a] >> 32 == entries[b] >> 32 }

  /// The places with the score of `place`, which is the first of them.
  func ties(from place: Int) -> Range<Int> {
    var end = place + 1
    while end < count, isTie(place, end) { end += 1 }
    return place..<end
  }
}
