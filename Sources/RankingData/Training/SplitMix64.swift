/// A small, fast generator with one word of state: its sequence is part of what a seed means.
/// Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
struct SplitMix64 {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
    return word ^ (word >> 31)
  }

  /// A number below `bound`, by the high half of a product; the bias is below bound / 2^64.
  mutating func next(below bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// Fisher and Yates' shuffle.
  mutating func shuffle(_ rows: inout [Int32]) {
    guard rows.count > 1 else { return }
    for last in stride(from: rows.count - 1, to: 0, by: -1) {
      rows.swapAt(last, next(below: last + 1))
    }
  }
}
