/// The tensors an encoder consists of, by torchvision's names and those of its gates.
struct TensorSchema: Sendable {
  struct Entry: Sendable {
    let name: String
    let shape: [Int]
  }

  private(set) var required: [Entry] = []

  init(_ configuration: EncoderConfiguration) {
    add(configuration.architecture.stem)
    for block in configuration.architecture.residualBlocks {
      for step in block.steps { add(step) }
      if let downsample = block.downsample { add(downsample) }
      if configuration.attention != .none { addGate(of: block, configuration) }
    }
  }

  /// Tensors that travel along unread: the classifier, and counters of training.
  static func isOptional(_ name: String) -> Bool {
    name == "fc.weight" || name == "fc.bias" || name.hasSuffix(".num_batches_tracked")
  }

  static func isGate(_ name: String) -> Bool { name.contains(".gate.") }

  private mutating func add(_ step: ResidualBlock.Step) {
    add(
      step.convolution + ".weight",
      [step.outputChannels, step.inputChannels, step.kernel, step.kernel])
    addNormalization(step.normalization, step.outputChannels)
  }

  private mutating func addNormalization(_ name: String, _ channels: Int) {
    for field in ["weight", "bias", "running_mean", "running_var"] {
      add("\(name).\(field)", [channels])
    }
  }

  private mutating func addGate(of block: ResidualBlock, _ configuration: EncoderConfiguration) {
    let gate = block.name + ".gate"
    let channels = block.outputChannels
    let hidden = configuration.hiddenUnits(channels: channels)
    let isCategory = configuration.attention == .category
    let code = configuration.channelCodeWidth
    add("\(gate).channel.fc1.weight", [hidden, channels + (isCategory ? code : 0)])
    add("\(gate).channel.fc1.bias", [hidden])
    add("\(gate).channel.fc2.weight", [channels, hidden])
    add("\(gate).channel.fc2.bias", [channels])
    add("\(gate).spatial.conv.weight", [1, isCategory ? 3 : 2, 7, 7])
    addNormalization("\(gate).spatial.bn", 1)
    if isCategory {
      let side = configuration.spatialCodeSide
      add("\(gate).channel.code", [configuration.categoryRows, code])
      add("\(gate).spatial.code", [configuration.categoryRows, side, side])
    }
  }

  private mutating func add(_ name: String, _ shape: [Int]) {
    required.append(Entry(name: name, shape: shape))
  }
}
