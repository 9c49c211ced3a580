/// The kernels that networks are trained with.
public enum Interpolation: String, Sendable, Hashable, Codable, CaseIterable {
  /// The triangle, support 1.
  case bilinear
  /// Keys' cubic with a = −0.5, support 2.
  case bicubic

  var support: Double {
    switch self {
    case .bilinear: 1
    case .bicubic: 2
    }
  }

  /// The kernel at a distance, written operation for operation as in Pillow: the order of the
  /// roundings is part of the contract.
  func weight(at distance: Double) -> Double {
    let x = distance < 0 ? -distance : distance
    switch self {
    case .bilinear:
      return x < 1 ? 1 - x : 0
    case .bicubic:
      let a = -0.5
      if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
      if x < 2 { return (((x - 5) * x + 8) * x - 4) * a }
      return 0
    }
  }
}
