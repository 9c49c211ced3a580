import NeuralNetworks
import Tensors

/// What the gates of one block know of each category: a vector beside the pooled channels, and a
/// small map beside the pooled pixels. Row 0 stands for an unknown category.
struct CategoryCodes {
  /// [rows, C']
  private let channel: Parameter
  /// [rows, h, w]
  private let spatial: Parameter
  /// Stretches a map to the side of the block's: [h · w, H · W].
  private let stretching: Tensor
  private let side: Int

  init(side: Int, _ configuration: EncoderConfiguration, random: inout RandomStream) {
    let (rows, own) = (configuration.categoryRows, configuration.spatialCodeSide)
    channel = Parameter(
      Tensor(normal: 0.01, shape: [rows, configuration.channelCodeWidth], random: &random))
    spatial = Parameter(Tensor(normal: 0.01, shape: [rows, own, own], random: &random))
    self.side = side
    let cells = own * own
    stretching = Tensor(
      (0..<cells).flatMap { cell in
        var map = [Double](repeating: 0, count: cells)
        map[cell] = 1
        return SpatialCode.stretched(map, side: own, height: side, width: side)
          .map { Scalar($0) }
      }, shape: [cells, side * side])
  }

  /// [rows.count, C']
  func channels(of rows: [Int32], _ pass: Pass) -> Tensor { pass.gather(channel, rows) }

  /// [rows.count, 1, H, W]
  func pixels(of rows: [Int32], like maps: FeatureMaps, _ pass: Pass) -> Tensor {
    precondition(
      maps.height == side && maps.width == side,
      "codes for maps of \(side)x\(side), not \(maps.height)x\(maps.width)")
    let small = pass.gather(spatial, rows)
    return matmul(small.reshaped([rows.count, small.count / max(rows.count, 1)]), stretching)
      .reshaped([rows.count, 1, side, side])
  }

  func collect(into list: inout ParameterList) {
    list.add("channel.code", channel)
    list.add("spatial.code", spatial)
  }
}
