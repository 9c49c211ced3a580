/// Conversion between `Float` and IEEE binary16 in integer steps that the compiler vectorises;
/// `Float16` calls a library function per element on processors without F16C. No step makes a
/// subnormal `Float`, so a library that flushes those to zero changes nothing.
enum HalfPrecision {
  /// The largest finite half.
  static let largest: Float = 65504

  /// Round to nearest, ties to even. The value must be finite and at most `largest` in magnitude.
  @inline(__always)
  static func encode(_ value: Float) -> UInt16 {
    let sign = value.bitPattern & 0x8000_0000
    let magnitude = value.bitPattern ^ sign
    // Adding 0.5 aligns the last bit of a subnormal half with the last bit of the sum.
    let small = (Float(bitPattern: magnitude) + 0.5).bitPattern &- (0.5 as Float).bitPattern
    let odd = magnitude &>> 13 & 1
    let normal = (magnitude &- (112 &<< 23) &+ 0xFFF &+ odd) &>> 13
    let half = magnitude < 113 &<< 23 ? small : normal
    return UInt16(truncatingIfNeeded: half | sign &>> 16)
  }

  /// The bits must be those of a finite half.
  @inline(__always)
  static func decode(_ bits: UInt16) -> Float {
    let sign = UInt32(bits & 0x8000) &<< 16
    let magnitude = UInt32(bits & 0x7FFF) &<< 13
    let normal = magnitude &+ (112 &<< 23)
    let small = Float(bitPattern: magnitude &+ (113 &<< 23)) - Float(bitPattern: 113 &<< 23)
    let value = magnitude < 1 &<< 23 ? small.bitPattern : normal
    return Float(bitPattern: value | sign)
  }
}

extension FeatureCache {
  /// The values of finite half-precision numbers, given by their bits.
  package static func decode(halves: [UInt16]) -> [Float] { halves.map(HalfPrecision.decode) }
}
