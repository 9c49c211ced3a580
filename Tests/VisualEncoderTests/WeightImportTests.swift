import Images
import Tensors
import Testing
import VisualEncoder

@Suite struct WeightImportTests {
  private let cbam = EncoderConfiguration(architecture: .resnet18, attention: .cbam)

  @Test func torchvisionStatesLoadWithClassifierAndCounters() throws {
    let configuration = EncoderConfiguration(architecture: .resnet18)
    var state = ReferenceWeights.state(configuration)
    #expect(state.count == 100)
    state["fc.weight"] = ReferenceWeights.tensor("fc.weight", [10, 512])
    state["fc.bias"] = ReferenceWeights.tensor("fc.bias", [10])
    state["bn1.num_batches_tracked"] = StoredTensor(shape: [], elements: .int64([5]))
    let imported = try WeightImport(tensors: state, for: configuration, path: "x")
    #expect(imported.weights.tensors == state)
    #expect(imported.initialized.isEmpty)
  }

  @Test func everyProblemIsListedAtOnce() throws {
    var state = ReferenceWeights.state(EncoderConfiguration(architecture: .resnet18))
    state["conv1.weight"] = nil
    state["layer1.0.bn1.bias"] = StoredTensor(shape: [3], floats: [1, 2, 3])
    state["layer9.weight"] = StoredTensor(shape: [1], floats: [1])
    let error = #expect(throws: VisualEncoderError.self) {
      try WeightImport(
        tensors: state, for: EncoderConfiguration(architecture: .resnet18), path: "w")
    }
    #expect(error?.code == .tensorMismatch)
    for part in ["conv1.weight", "layer1.0.bn1.bias is [3], not [64]", "unknown layer9.weight"] {
      #expect(error?.reason.contains(part) == true, "\(part)")
    }
    #expect(throws: VisualEncoderError.self) {
      try WeightImport(
        tensors: ReferenceWeights.state(EncoderConfiguration(architecture: .resnet18)),
        for: EncoderConfiguration(architecture: .resnet34), path: "w")
    }
  }

  @Test func bothPublicLayoutsOfCBAMBecomeOurs() throws {
    let ours = ReferenceWeights.state(cbam)
    var jongchan: [String: StoredTensor] = [:]
    var timm: [String: StoredTensor] = [:]
    var oursWithoutBiases = ours
    for (name, tensor) in ours {
      guard name.contains(".gate.") else {
        jongchan["module.\(name)"] = tensor
        timm[name] = tensor
        continue
      }
      let theirs = name.replacing(".gate.channel.fc1", with: ".cbam.ChannelGate.mlp.1")
        .replacing(".gate.channel.fc2", with: ".cbam.ChannelGate.mlp.3")
        .replacing(".gate.spatial.", with: ".cbam.SpatialGate.spatial.")
      jongchan["module.\(theirs)"] = tensor
      if name.contains(".channel.") {
        if name.hasSuffix(".bias") {
          oursWithoutBiases[name] = StoredTensor(
            shape: tensor.shape, floats: [Float](repeating: 0, count: tensor.count))
        } else {
          timm[name.replacing(".gate.", with: ".se.")] = StoredTensor(
            shape: tensor.shape + [1, 1], elements: tensor.elements)
        }
      } else {
        let values = tensor.floats
        timm[name.replacing(".gate.spatial.", with: ".se.spatial.conv.")] = StoredTensor(
          shape: tensor.shape,
          floats: name.hasSuffix("conv.weight")
            ? Array(values[49...]) + Array(values[..<49]) : values)
      }
    }
    #expect(try WeightImport(tensors: jongchan, for: cbam, path: "x").weights.tensors == ours)
    #expect(
      try WeightImport(tensors: timm, for: cbam, path: "x").weights.tensors == oursWithoutBiases)
  }

  /// Networks whose names are nearly ours, each with what sets it apart.
  @Test(arguments: [
    ("conv1.0.weight", [32, 3, 3, 3], "deep stem"),
    ("layer2.0.downsample.1.weight", [128, 64, 1, 1], "average pooling"),
    ("layer1.0.se.fc1.weight", [16, 64, 1, 1], "squeeze-and-excitation"),
    ("layer1.0.se.conv.weight", [1, 1, 3], "ECA"),
    ("layer3.22.conv1.weight", [256, 1024, 1, 1], "ResNet-101"),
  ])
  func otherNetworksAreNamed(_ name: String, _ shape: [Int], _ words: String) throws {
    let configuration = EncoderConfiguration(architecture: .resnet50)
    var state = ReferenceWeights.state(configuration)
    func add(_ name: String, _ shape: [Int]) {
      state[name] = StoredTensor(
        shape: shape, floats: [Float](repeating: 0, count: shape.reduce(1, *)))
    }
    add(name, shape)
    if words == "ResNet-101" { (6..<23).forEach { add("layer3.\($0).conv1.weight", shape) } }
    let error = #expect(throws: VisualEncoderError.self) {
      try WeightImport(tensors: state, for: configuration, path: "x")
    }
    #expect(error?.reason.contains(words) ?? false, "\(error?.reason ?? "")")
  }

  @Test(arguments: [
    ([128, 256, 1, 1], [128, 4, 3, 3], "ResNeXt"),
    ([128, 64, 1, 1], [128, 128, 3, 3], "wide ResNet"),
  ])
  func otherWidthsAreNamed(_ first: [Int], _ second: [Int], _ words: String) throws {
    let configuration = EncoderConfiguration(architecture: .resnet50)
    var state = ReferenceWeights.state(configuration)
    for (name, shape) in [("layer1.0.conv1.weight", first), ("layer1.0.conv2.weight", second)] {
      state[name] = StoredTensor(
        shape: shape, floats: [Float](repeating: 0, count: shape.reduce(1, *)))
    }
    let error = #expect(throws: VisualEncoderError.self) {
      try WeightImport(tensors: state, for: configuration, path: "x")
    }
    #expect(error?.reason.contains(words) ?? false, "\(error?.reason ?? "")")
  }

  @Test func gatesAreNeitherDroppedNorHalfMadeUp() throws {
    let gated = ReferenceWeights.state(cbam)
    #expect(throws: VisualEncoderError.self) {
      try WeightImport(
        tensors: gated, for: EncoderConfiguration(architecture: .resnet18), path: "x")
    }
    var incomplete = gated
    incomplete["layer2.1.gate.spatial.conv.weight"] = nil
    let error = #expect(throws: VisualEncoderError.self) {
      try WeightImport(tensors: incomplete, for: cbam, path: "x")
    }
    #expect(error?.reason.contains("missing layer2.1.gate.spatial.conv.weight") == true)
  }

  @Test func categoriesAreAddedToANetworkWithGates() throws {
    let configuration = EncoderConfiguration(
      architecture: .resnet18, attention: .category, categories: ["x"])
    let imported = try WeightImport(
      tensors: ReferenceWeights.state(cbam), for: configuration, path: "x")
    #expect(imported.initialized.count == 8 * 4)
  }
}
