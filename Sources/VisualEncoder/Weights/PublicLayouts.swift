import Tensors

/// Renames tensors of public state dicts to ours.
///
/// Two layouts of CBAM are about: Jongchan/attention-module's (`layerL.B.cbam`; linear layers with
/// biases; the spatial kernel over maximum, then mean) and timm's (`layerL.B.se`; 1x1 convolutions
/// without biases; mean, then maximum). Ours has biases and the maximum first.
enum PublicLayouts {
  static func normalized(_ tensors: [String: StoredTensor]) -> [String: StoredTensor] {
    // Saved from DataParallel, every name has a prefix.
    let isWrapped = !tensors.isEmpty && tensors.keys.allSatisfy { $0.hasPrefix("module.") }
    var result: [String: StoredTensor] = [:]
    for (original, tensor) in tensors {
      let name = isWrapped ? String(original.dropFirst("module.".count)) : original
      if let (block, field) = split(name, at: ".cbam.") {
        result[jongchan[field].map { "\(block).gate.\($0)" } ?? name] = tensor
      } else if let (block, field) = split(name, at: ".se."), let ours = timm[field] {
        result["\(block).gate.\(ours)"] = fromTimm(tensor, ours)
        if ours == "channel.fc1.weight" || ours == "channel.fc2.weight",
          let rows = tensor.shape.first
        {
          let bias = "\(block).gate.\(ours.replacingSuffix("weight", by: "bias"))"
          result[bias] = StoredTensor(shape: [rows], floats: [Float](repeating: 0, count: rows))
        }
      } else {
        result[name] = tensor
      }
    }
    return result
  }

  private static let jongchan = fields(
    channel: ("ChannelGate.mlp.1", "ChannelGate.mlp.3"), spatial: "SpatialGate.spatial")

  private static let timm = fields(channel: ("channel.fc1", "channel.fc2"), spatial: "spatial.conv")

  private static func fields(
    channel: (String, String), spatial: String
  ) -> [String: String] {
    var fields = ["\(spatial).conv.weight": "spatial.conv.weight"]
    for (theirs, ours) in [(channel.0, "channel.fc1"), (channel.1, "channel.fc2")] {
      for field in ["weight", "bias"] { fields["\(theirs).\(field)"] = "\(ours).\(field)" }
    }
    for field in ["weight", "bias", "running_mean", "running_var", "num_batches_tracked"] {
      fields["\(spatial).bn.\(field)"] = "spatial.bn.\(field)"
    }
    return fields
  }

  private static func fromTimm(_ tensor: StoredTensor, _ name: String) -> StoredTensor {
    if name.hasPrefix("channel."), tensor.shape.count == 4, tensor.shape[2...] == [1, 1] {
      return StoredTensor(shape: Array(tensor.shape[..<2]), elements: tensor.elements)
    }
    if name == "spatial.conv.weight", tensor.shape.count == 4, tensor.shape[..<2] == [1, 2] {
      let values = tensor.floats
      let half = values.count / 2
      return StoredTensor(
        shape: tensor.shape, floats: Array(values[half...]) + Array(values[..<half]))
    }
    return tensor
  }

  private static func split(_ name: String, at marker: String) -> (String, String)? {
    guard let range = name.firstRange(of: marker) else { return nil }
    return (String(name[..<range.lowerBound]), String(name[range.upperBound...]))
  }
}

extension String {
  fileprivate func replacingSuffix(_ suffix: String, by other: String) -> String {
    hasSuffix(suffix) ? String(dropLast(suffix.count)) + other : self
  }
}
