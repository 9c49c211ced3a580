import CKernels
import Tensors

/// The gates of one block ready to run: what depends only on the category is added up beforehand,
/// since both gates are linear in the codes up to their first non-linearity.
final class GateTables: Sendable {
  private let hiddenWeights: AlignedBuffer
  /// `[rows, hidden]`
  private let hiddenBias: AlignedBuffer
  private let outputWeights: AlignedBuffer
  private let outputBias: AlignedBuffer
  private let spatialWeights: AlignedBuffer
  /// `[rows, height, width]`
  private let spatialBias: AlignedBuffer
  private let channels: Int
  private let hidden: Int
  private let height: Int
  private let width: Int
  private let order: ActivationFormat.Order

  /// - Parameter order: How activations lie.
  init(
    _ block: ResidualBlock, height: Int, width: Int, order: ActivationFormat.Order,
    _ source: EncoderWeights, _ configuration: EncoderConfiguration
  ) {
    let gate = block.name + ".gate"
    channels = block.outputChannels
    hidden = configuration.hiddenUnits(channels: channels)
    (self.height, self.width, self.order) = (height, width, order)
    let isCategory = configuration.attention == .category
    let rows = isCategory ? configuration.categoryRows : 1

    let first = source.floats("\(gate).channel.fc1.weight")
    let stride = first.count / hidden
    hiddenWeights = AlignedBuffer(
      (0..<hidden).flatMap { first[$0 * stride..<$0 * stride + block.outputChannels] })
    let firstBias = source.floats("\(gate).channel.fc1.bias").map(Double.init(_:))
    var hiddenBias: [Float] = []
    let codes = isCategory ? source.floats("\(gate).channel.code") : []
    let codeWidth = stride - channels
    for row in 0..<rows {
      let code = codes.isEmpty ? [] : codes[row * codeWidth..<(row + 1) * codeWidth]
      for unit in 0..<hidden {
        let weights = first[unit * stride + channels..<(unit + 1) * stride]
        let term = zip(weights, code).reduce(0) { $0 + Double($1.0) * Double($1.1) }
        hiddenBias.append(Float(firstBias[unit] + term))
      }
    }
    self.hiddenBias = AlignedBuffer(hiddenBias)
    outputWeights = AlignedBuffer(source.floats("\(gate).channel.fc2.weight"))
    outputBias = AlignedBuffer(source.floats("\(gate).channel.fc2.bias"))

    let normalization = NormalizationFactor("\(gate).spatial.bn", source)
    let kernel = source.floats("\(gate).spatial.conv.weight").map {
      Double($0) * normalization.scale[0]
    }
    spatialWeights = AlignedBuffer(kernel[..<98].map { Float($0) })
    let spatialCodes = isCategory ? source.floats("\(gate).spatial.code") : []
    let side = configuration.spatialCodeSide
    var spatialBias: [Float] = []
    for row in 0..<rows {
      var map = [Double](repeating: 0, count: height * width)
      if isCategory {
        let code = spatialCodes[row * side * side..<(row + 1) * side * side].map(Double.init(_:))
        let stretched = SpatialCode.stretched(code, side: side, height: height, width: width)
        map = SpatialCode.convolved(
          stretched, height: height, width: width, kernel: Array(kernel[98...]))
      }
      spatialBias += map.map { Float($0 + normalization.shift[0]) }
    }
    self.spatialBias = AlignedBuffer(spatialBias)
  }

  /// `result = ReLU(gates(input) * input + shortcut)` for one image of the category in `row`.
  func apply(
    row: Int, input: UnsafePointer<Float>, residual: vitrine_residual,
    scratch: UnsafeMutablePointer<Float>
  ) {
    var gate = description(row: row)
    var residual = residual
    vitrine_gate_apply(&gate, input, &residual, scratch)
  }

  var scratchCount: Int {
    var gate = description(row: 0)
    return vitrine_gate_scratch(&gate)
  }

  /// Where `apply` leaves the spatial gates, `[height, width]`, in its scratch memory.
  var spatialGates: (offset: Int, height: Int, width: Int) {
    (3 * channels + hidden + 2 * height * width, height, width)
  }

  private func description(row: Int) -> vitrine_gate {
    let isBlocked = order == .blocked
    let lanes = isBlocked ? Activations.channelBlock : 16
    return vitrine_gate(
      channels: channels, hidden: hidden, height: height, width: width, lanes: lanes,
      block_stride: isBlocked ? height * width * lanes : lanes,
      pixel_stride: isBlocked ? lanes : channels, hidden_weights: hiddenWeights.floats,
      hidden_bias: hiddenBias.floats + row * hidden, output_weights: outputWeights.floats,
      output_bias: outputBias.floats, spatial_weights: spatialWeights.floats,
      spatial_bias: spatialBias.floats + row * height * width)
  }
}
