import Tensors

/// The numbers that a plan computes with on this processor.
package enum Arithmetic: Sendable, Hashable {
  /// Single precision, with Winograd's convolution where it wins.
  case float32
  /// Products of `bfloat16`, sums in single precision.
  case bfloat16
  /// Bytes: activations 0...255 by tensor, weights by output channel in so many bits, sums exact.
  /// Gates, shortcuts' sums and pooled features are single precision.
  case int8(weightBits: Int)

  /// The best arithmetic of this processor for what was asked.
  ///
  /// `bf16` needs AVX512_BF16 and is single precision elsewhere, which is exact and faster than
  /// emulation. `int8` needs VNNI for eight bits: without it sums of two products saturate at 16
  /// bits, which weights of seven bits cannot reach.
  package init(_ precision: EncoderConfiguration.Precision) {
    switch precision {
    case .fp32: self = .float32
    case .bf16: self = Processor.hasBrainFloats ? .bfloat16 : .float32
    case .int8: self = .int8(weightBits: Processor.hasByteDotProducts ? 8 : 7)
    }
  }

  /// What caches call features computed like this. Those of different names are never mixed.
  package var name: String {
    switch self {
    case .float32: "fp32"
    case .bfloat16: "bf16"
    case .int8(8): "int8"
    case .int8(let bits): "int8-\(bits)bit"
    }
  }

  /// What to tell who asked for this precision and gets another arithmetic; nil where all is well.
  package static func notice(
    _ precision: EncoderConfiguration.Precision
  ) -> String? {
    switch (precision, Arithmetic(precision)) {
    case (.bf16, .float32): "this processor has no AVX512_BF16: bf16 runs as fp32"
    case (.int8, .int8(7)):
      "this processor has no VNNI: int8 runs with weights of 7 bits, which costs some fidelity"
    default: nil
    }
  }

  /// How activations lie between two convolutions.
  var activations: ActivationFormat {
    switch self {
    case .float32: ActivationFormat(.blocked)
    case .bfloat16: ActivationFormat(.channelsLast, .bfloat16)
    case .int8: ActivationFormat(.channelsLast, .unsigned8)
    }
  }
}
