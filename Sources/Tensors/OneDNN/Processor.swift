import CDNNL

/// What the processor offers beyond single precision, as oneDNN sees it.
package enum Processor {
  /// Dot products of bytes that do not saturate on the way (VNNI).
  package static var hasByteDotProducts: Bool {
    has(dnnl_cpu_isa_avx512_core_vnni) || has(dnnl_cpu_isa_avx2_vnni)
  }

  /// Dot products of `bfloat16` numbers.
  package static var hasBrainFloats: Bool { has(dnnl_cpu_isa_avx512_core_bf16) }

  private static let sets = dnnl_get_effective_cpu_isa().rawValue

  private static func has(_ set: dnnl_cpu_isa_t) -> Bool { sets & set.rawValue == set.rawValue }
}
