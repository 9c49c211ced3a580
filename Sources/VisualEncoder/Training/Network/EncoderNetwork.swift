import Images
package import NeuralNetworks
package import Tensors

/// An encoder that can be trained: the graph of `InferencePlan`, with a gradient.
///
/// Parameters have the names of the bundle's tensors. In a training pass the normalisations use the
/// statistics of the images they are given, unless they are frozen; an inference pass uses the
/// running ones and gives what a plan in single precision gives, up to rounding.
package struct EncoderNetwork: Module {
  package let configuration: EncoderConfiguration
  private let products: Convolution.Products
  private let stem: Convolution2D
  private let stemNorm: BatchNorm2D
  private let blocks: [ResidualUnit]

  /// - Parameters:
  ///   - weights: where training starts.
  ///   - batchNorm: whose statistics normalise in training.
  ///   - arithmetic: of the convolutions.
  package init(
    _ configuration: EncoderConfiguration, weights: EncoderWeights,
    batchNorm: BatchNormMode = .batch, arithmetic: TrainingArithmetic = .float32
  ) {
    self.configuration = configuration
    products = arithmetic.products
    var random = RandomStream(seed: 0)
    let step = configuration.architecture.stem
    stem = Convolution2D(step, random: &random)
    stemNorm = BatchNorm2D(channels: step.outputChannels, isFrozen: batchNorm == .frozen)
    // The first convolution halves, and so does the pooling behind it.
    var side = (configuration.preprocessing.crop + 1) / 2
    side = (side + 1) / 2
    var units: [ResidualUnit] = []
    for block in configuration.architecture.residualBlocks {
      side = (side + block.stride - 1) / block.stride
      units.append(
        ResidualUnit(
          block, side: side, configuration, isFrozen: batchNorm == .frozen, products: products,
          random: &random))
    }
    blocks = units
    load(weights)
  }

  /// The pooled features.
  ///
  /// - Parameters:
  ///   - images: [N, 3, side, side], normalised as the preprocessing says.
  ///   - categoryRows: the row of each image's category, 0 for an unknown one; ignored without
  ///     category gates.
  /// - Returns: [N, featureWidth]
  package func callAsFunction(
    _ images: Tensor, categoryRows: [Int32], _ pass: Pass
  ) -> Tensor {
    let side = configuration.preprocessing.crop
    precondition(
      images.shape.rank == 4 && images.shape[1] == 3 && images.shape[2] == side
        && images.shape[3] == side,
      "images \(images.shape); [N, 3, \(side), \(side)] is wanted")
    precondition(
      categoryRows.count == images.shape[0] || configuration.attention != .category,
      "\(categoryRows.count) categories for \(images.shape[0]) images")
    var maps = stemNorm(stem(images: images, products: products, pass), rectifies: true, pass)
    maps = maxPool(maps, window: 3, stride: 2, padding: 1)
    for block in blocks { maps = block(maps, categoryRows: categoryRows, pass) }
    return channelMeans(maps)
  }

  /// See `Module`.
  package func collect(into list: inout ParameterList) {
    list.add("conv1", stem)
    list.add("bn1", stemNorm)
    for block in blocks { list.add(block.name, block) }
  }

  private func load(_ weights: EncoderWeights) {
    for entry in ParameterList(self).entries {
      let shape = entry.parameter.value.shape
      entry.parameter.value = Tensor(
        weights.floats(entry.name).map { Scalar($0) }, shape: shape)
    }
  }

  /// The current values, as a bundle holds them.
  package func encoderWeights() -> EncoderWeights {
    let tensors = ParameterList(self).entries.map {
      ($0.name, StoredTensor($0.parameter.value))
    }
    do throws(VisualEncoderError) {
      return try EncoderWeights(
        Dictionary(uniqueKeysWithValues: tensors), for: configuration, path: "a trained encoder")
    } catch {
      preconditionFailure("the network has other tensors than its schema: \(error)")
    }
  }
}

/// Whose statistics batch normalisation uses in training.
package enum BatchNormMode: String, Sendable, Hashable, Codable, CaseIterable {
  /// Those of the images that pass together; the running ones follow.
  case batch
  /// The running ones, which stay.
  case frozen
}

/// What the convolutions of a training pass multiply; sums, and everything else, are floats.
package enum TrainingArithmetic: String, Sendable, Hashable, Codable, CaseIterable {
  /// 32-bit floats.
  case float32 = "fp32"
  /// `bfloat16`, where the processor has such products; nothing has to be scaled, since the range is
  /// that of floats.
  case bfloat16 = "bf16"

  var products: Convolution.Products { self == .bfloat16 ? .bfloat16 : .float32 }
}

extension Convolution2D {
  init(_ step: ResidualBlock.Step, random: inout RandomStream) {
    self.init(
      inputs: step.inputChannels, outputs: step.outputChannels, kernel: step.kernel,
      stride: step.stride, padding: step.kernel / 2, bias: false, random: &random)
  }
}
