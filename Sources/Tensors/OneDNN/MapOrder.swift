/// How the activations of a training pass lie in memory.
package enum MapOrder: Sendable, Hashable {
  /// Row-major `[N, C, H, W]`.
  case plain
  /// `[N, C / lanes, H, W, lanes]`, see `FeatureMaps`.
  case blocked

  var code: Int { self == .plain ? 0 : 1 }

  #if !DOUBLE_PRECISION
    var order: TensorLayout.Order { self == .plain ? .plain : .blocked(Engine.channelBlock) }
  #endif
}
