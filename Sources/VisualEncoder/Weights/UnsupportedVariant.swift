import Tensors

/// Residual networks that share most names with ours and compute something else.
enum UnsupportedVariant {
  /// The variant that these tensors belong to, in the words of torchvision and timm; nil where none
  /// is recognised.
  static func name(_ tensors: [String: StoredTensor]) -> String? {
    func shape(_ name: String) -> [Int]? { tensors[name]?.shape }
    func has(_ part: String) -> Bool { tensors.keys.contains { $0.contains(part) } }
    if has("conv1.0.") { return "a ResNet with a deep stem (timm's resnet*d, resnet*t, resnet*s)" }
    if has(".downsample.1.weight"), shape("layer2.0.downsample.1.weight")?.count == 4 {
      return "a ResNet with average pooling in its shortcuts (timm's resnet*d)"
    }
    if has(".se.fc") { return "a squeeze-and-excitation ResNet (timm's seresnet*)" }
    if has(".se.conv") { return "an ECA ResNet (timm's ecaresnet*)" }
    if has(".conv2.conv.") || has(".conv2.fc1.") { return "a split-attention or SK ResNet" }
    if has(".bn1.gn_") || has("stages.") { return "a ResNetV2 or another timm family" }
    if has("resnet.encoder.") { return "a ResNet with the names of Hugging Face transformers" }
    if let inner = shape("layer1.0.conv2.weight"), let planes = shape("layer1.0.conv1.weight"),
      inner.count == 4, planes.count == 4, shape("layer1.0.conv3.weight") != nil
    {
      if inner[1] < inner[0] { return "a ResNeXt (grouped convolutions)" }
      if planes[0] > 64 { return "a wide ResNet (wide_resnet*_2)" }
    }
    return depth(tensors)
  }

  /// A plain ResNet of a depth that we do not have.
  private static func depth(_ tensors: [String: StoredTensor]) -> String? {
    guard tensors["layer4.0.conv1.weight"] != nil else { return nil }
    let blocks = (1...4).map { stage in
      (0..<64).prefix { tensors["layer\(stage).\($0).conv1.weight"] != nil }.count
    }
    switch blocks {
    case [3, 4, 23, 3]: return "a ResNet-101"
    case [3, 8, 36, 3]: return "a ResNet-152"
    default: return nil
    }
  }
}
