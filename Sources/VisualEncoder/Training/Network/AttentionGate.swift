import NeuralNetworks
import Tensors

/// The gates of a block: first which channels matter, then where (CBAM; Woo et al., ECCV 2018), told
/// the category by learned codes if there are any (CSCNN; Liu et al., KDD 2020).
struct AttentionGate: Module {
  private let hidden: Linear
  private let output: Linear
  private let spatial: Convolution2D
  private let spatialNorm: BatchNorm2D
  private let codes: CategoryCodes?

  /// - Parameter side: height and width of the maps.
  init(
    channels: Int, side: Int, _ configuration: EncoderConfiguration, isFrozen: Bool,
    random: inout RandomStream
  ) {
    let units = configuration.hiddenUnits(channels: channels)
    codes =
      configuration.attention == .category
      ? CategoryCodes(side: side, configuration, random: &random) : nil
    let told = codes == nil ? 0 : configuration.channelCodeWidth
    hidden = Linear(inputs: channels + told, outputs: units, random: &random)
    output = Linear(inputs: units, outputs: channels, random: &random)
    spatial = Convolution2D(
      inputs: codes == nil ? 2 : 3, outputs: 1, kernel: 7, padding: 3, bias: false,
      random: &random)
    spatialNorm = BatchNorm2D(channels: 1, isFrozen: isFrozen, momentum: 0.01)
  }

  func callAsFunction(_ maps: FeatureMaps, categoryRows: [Int32], _ pass: Pass) -> FeatureMaps {
    let chosen = maps.scaled(channels: channelGates(maps, categoryRows, pass))
    return chosen.scaled(pixels: pixelGates(chosen, categoryRows, pass))
  }

  /// `sigmoid(MLP(means) + MLP(maxima))`, [N, C]. The second layer is linear, so it runs once over
  /// the sum of the first one's results, its bias twice.
  private func channelGates(_ maps: FeatureMaps, _ rows: [Int32], _ pass: Pass) -> Tensor {
    var summary = maps.channelSummary()
    if let codes {
      summary = concatenate([summary, codes.channels(of: rows + rows, pass)], axis: 1)
    }
    let units = hidden(summary, pass).relu()
    let count = maps.batch
    let sum = units.slice(axis: 0, 0..<count) + units.slice(axis: 0, count..<2 * count)
    var logits = linear(sum, pass.read(output.weight))
    if let bias = output.bias { logits = logits + 2 * pass.read(bias) }
    return logits.sigmoid()
  }

  /// `sigmoid(BN(conv7x7([maxima; means; code])))`, [N, 1, H, W].
  private func pixelGates(_ maps: FeatureMaps, _ rows: [Int32], _ pass: Pass) -> Tensor {
    var summary = maps.pixelSummary()
    if let codes {
      summary = concatenate([summary, codes.pixels(of: rows, like: maps, pass)], axis: 1)
    }
    return spatialNorm(spatial(summary, pass), pass).sigmoid()
  }

  func collect(into list: inout ParameterList) {
    list.add("channel.fc1", hidden)
    list.add("channel.fc2", output)
    list.add("spatial.conv", spatial)
    list.add("spatial.bn", spatialNorm)
    codes?.collect(into: &list)
  }
}
