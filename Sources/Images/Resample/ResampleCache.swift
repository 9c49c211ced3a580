/// The axes that were resampled along last: posters come in few sizes. A size that is not among them
/// takes the place of the oldest, and its memory.
final class ResampleCache {
  private struct Key: Equatable {
    let input: Int
    let output: Int
    let window: Range<Int>
    let interpolation: Interpolation
  }

  private static let limit = 16
  private var keys: [Key] = []
  private var axes: [ResampleAxis] = []
  private var oldest = 0

  init() {
    keys.reserveCapacity(Self.limit)
    axes.reserveCapacity(Self.limit)
  }

  /// The weights of an axis.
  /// Complexity: O(1) where they are known, else O(window × taps).
  func axis(
    from input: Int, to output: Int, window: Range<Int>, interpolation: Interpolation
  ) -> ResampleAxis {
    let key = Key(input: input, output: output, window: window, interpolation: interpolation)
    if let place = keys.firstIndex(of: key) { return axes[place] }
    guard keys.count == Self.limit else {
      let axis = ResampleAxis(
        from: input, to: output, window: window, interpolation: interpolation)
      keys.append(key)
      axes.append(axis)
      return axis
    }
    let place = oldest
    oldest = (oldest + 1) % Self.limit
    keys[place] = key
    axes[place].build(from: input, to: output, window: window, interpolation: interpolation)
    return axes[place]
  }
}
