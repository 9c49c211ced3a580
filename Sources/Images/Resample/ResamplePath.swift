import CKernels

/// The instructions that pixels are resampled with. All give the same bits; tests compare them.
package enum ResamplePath: CaseIterable, Sendable {
  /// The best that the processor has.
  case fastest
  /// What every processor has.
  case portable
  /// Pairs of 16-bit products, 256 bits.
  case avx2
  /// Quadruples of 8-bit products, 512 bits.
  case vnni

  /// Whether this processor has the instructions.
  package var isAvailable: Bool { resample_has(kernel) }

  var kernel: resample_path {
    switch self {
    case .fastest: .RESAMPLE_FASTEST
    case .portable: .RESAMPLE_PORTABLE
    case .avx2: .RESAMPLE_AVX2
    case .vnni: .RESAMPLE_VNNI
    }
  }
}
