/// A generator of one multiplication a number (Vigna, "An experimental exploration of Marsaglia's
/// xorshift generators, scrambled", TOMS 2016): a bootstrap draws a hundred million numbers.
struct Xorshift {
  private var state: UInt64

  init(seed: UInt64) {
    // Spread the bits of small seeds; the state must not be zero.
    var word = seed &+ 0x9e37_79b9_7f4a_7c15
    word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
    state = (word ^ (word >> 31)) | 1
  }

  /// A number below `bound`; the bias is below bound / 2^32.
  mutating func next(below bound: UInt32) -> Int32 {
    state ^= state >> 12
    state ^= state << 25
    state ^= state >> 27
    let high = (state &* 0x2545_f491_4f6c_dd1d) >> 32
    return Int32(truncatingIfNeeded: (high &* UInt64(bound)) >> 32)
  }
}
