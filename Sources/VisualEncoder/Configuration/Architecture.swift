/// A residual network (He et al., CVPR 2016), with the stride on the 3x3 convolution of a
/// bottleneck as torchvision has it.
public enum Architecture: String, Sendable, Codable, CaseIterable {
  /// 18 layers at half the width, 256 features: for small images and small collections.
  case resnet18half
  /// 18 layers, 512 features.
  case resnet18
  /// 34 layers, 512 features.
  case resnet34
  /// 50 layers, 2048 features.
  case resnet50

  /// Numbers per image: the channels of the last stage.
  public var featureWidth: Int { 8 * stemChannels * expansion }

  /// Blocks per stage.
  var blocks: [Int] { self == .resnet18 || self == .resnet18half ? [2, 2, 2, 2] : [3, 4, 6, 3] }

  var isBottleneck: Bool { self == .resnet50 }

  /// Channels that leave a block, as a multiple of those inside.
  var expansion: Int { isBottleneck ? 4 : 1 }

  /// Channels of the first convolution and of the blocks of the first stage.
  var stemChannels: Int { self == .resnet18half ? 32 : 64 }

  /// The first convolution, ahead of all blocks.
  var stem: ResidualBlock.Step {
    ResidualBlock.Step(
      convolution: ResidualBlock.Step.stemName, normalization: "bn1", inputChannels: 3,
      outputChannels: stemChannels, kernel: ResidualBlock.Step.stemKernel, stride: 2)
  }

  /// Every residual block in order.
  var residualBlocks: [ResidualBlock] {
    var list: [ResidualBlock] = []
    var channels = stemChannels
    for (stage, count) in blocks.enumerated() {
      let planes = stemChannels << stage
      for index in 0..<count {
        let block = ResidualBlock(
          name: "layer\(stage + 1).\(index)", inputChannels: channels, planes: planes,
          outputChannels: planes * expansion, stride: stage > 0 && index == 0 ? 2 : 1,
          isBottleneck: isBottleneck)
        list.append(block)
        channels = block.outputChannels
      }
    }
    return list
  }
}

/// One residual block: its convolutions, and where its tensors are found.
struct ResidualBlock: Sendable {
  /// One convolution followed by batch normalisation.
  struct Step: Sendable {
    let convolution: String
    let normalization: String
    let inputChannels: Int
    let outputChannels: Int
    let kernel: Int
    let stride: Int
  }

  /// The prefix of torchvision's names, such as `layer2.0`.
  let name: String
  let inputChannels: Int
  let planes: Int
  let outputChannels: Int
  let stride: Int
  let isBottleneck: Bool

  /// The convolutions of the residual path, in order.
  var steps: [Step] {
    let kernels = isBottleneck ? [1, 3, 1] : [3, 3]
    let strided = isBottleneck ? 1 : 0
    return kernels.enumerated().map { index, kernel in
      Step(
        convolution: "\(name).conv\(index + 1)", normalization: "\(name).bn\(index + 1)",
        inputChannels: index == 0 ? inputChannels : planes,
        outputChannels: index == kernels.count - 1 ? outputChannels : planes,
        kernel: kernel, stride: index == strided ? stride : 1)
    }
  }

  /// The projection of the shortcut, where shapes differ.
  var downsample: Step? {
    guard stride != 1 || inputChannels != outputChannels else { return nil }
    return Step(
      convolution: "\(name).downsample.0", normalization: "\(name).downsample.1",
      inputChannels: inputChannels, outputChannels: outputChannels, kernel: 1, stride: stride)
  }
}

extension ResidualBlock.Step {
  static let stemName = "conv1"
  static let stemKernel = 7
}
