import CKernels

/// Turns interleaved bytes into planes of normalised floats with the bits of `Normalization.table`.
package struct PlaneConversion: Sendable {
  private let table: [Float]
  /// Three means and three deviations.
  private let scales: [Float]
  /// Whether arithmetic gives the bits of the table, of every byte. Found out, not believed.
  package let isComputed: Bool

  package init(_ normalization: Normalization) {
    table = normalization.table
    scales = (normalization.mean + normalization.standardDeviation).map { Float($0) }
    let grey = (0..<256).flatMap { [UInt8](repeating: UInt8($0), count: 3) }
    var planes = [Float](repeating: .nan, count: 768)
    planes_from_rgb(grey, 256, table, scales, &planes)
    isComputed = zip(planes, table).allSatisfy { $0.bitPattern == $1.bitPattern }
  }

  /// Converts `[height, width, 3]` to `[3, height, width]`.
  /// Complexity: O(pixels).
  package func run(
    _ pixels: UnsafeBufferPointer<UInt8>, into planes: UnsafeMutableBufferPointer<Float>
  ) {
    precondition(
      planes.count >= pixels.count && pixels.count.isMultiple(of: 3),
      "\(planes.count) floats for \(pixels.count) bytes")
    scales.withUnsafeBufferPointer { scales in
      planes_from_rgb(
        pixels.baseAddress, pixels.count / 3, table, isComputed ? scales.baseAddress : nil,
        planes.baseAddress)
    }
  }
}
