import NeuralNetworks
import Tensors

/// A residual block that can be trained: convolutions, gates, shortcut.
struct ResidualUnit: Module {
  /// The prefix of its tensors, such as `layer2.0`.
  let name: String
  private let convolutions: [Convolution2D]
  private let norms: [BatchNorm2D]
  private let gate: AttentionGate?
  private let downsample: Convolution2D?
  private let downsampleNorm: BatchNorm2D?
  private let products: Convolution.Products

  /// - Parameter side: height and width of what leaves the block.
  init(
    _ block: ResidualBlock, side: Int, _ configuration: EncoderConfiguration, isFrozen: Bool,
    products: Convolution.Products, random: inout RandomStream
  ) {
    name = block.name
    self.products = products
    convolutions = block.steps.map { Convolution2D($0, random: &random) }
    norms = block.steps.map { BatchNorm2D(channels: $0.outputChannels, isFrozen: isFrozen) }
    gate =
      configuration.attention == .none
      ? nil
      : AttentionGate(
        channels: block.outputChannels, side: side, configuration, isFrozen: isFrozen,
        random: &random)
    downsample = block.downsample.map { Convolution2D($0, random: &random) }
    downsampleNorm = block.downsample.map {
      BatchNorm2D(channels: $0.outputChannels, isFrozen: isFrozen)
    }
  }

  func callAsFunction(_ input: FeatureMaps, categoryRows: [Int32], _ pass: Pass) -> FeatureMaps {
    var maps = input
    for (index, convolution) in convolutions.enumerated() {
      let isLast = index == convolutions.count - 1
      maps = norms[index](convolution(maps, products: products, pass), rectifies: !isLast, pass)
    }
    if let gate { maps = gate(maps, categoryRows: categoryRows, pass) }
    var shortcut = input
    if let downsample, let downsampleNorm {
      shortcut = downsampleNorm(
        downsample(input, products: products, pass), rectifies: false, pass)
    }
    return addRectified(maps, shortcut)
  }

  func collect(into list: inout ParameterList) {
    for (index, (convolution, norm)) in zip(convolutions, norms).enumerated() {
      list.add("conv\(index + 1)", convolution)
      list.add("bn\(index + 1)", norm)
    }
    if let downsample { list.add("downsample.0", downsample) }
    if let downsampleNorm { list.add("downsample.1", downsampleNorm) }
    if let gate { list.add("gate", gate) }
  }
}
