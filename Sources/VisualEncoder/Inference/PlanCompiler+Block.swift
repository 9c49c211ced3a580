import Tensors

extension PlanCompiler {
  /// The primitives of one residual block, and what its tensors are worth.
  func block(
    _ block: ResidualBlock, _ side: Int, inputScale: Float, isLast: Bool,
    _ configuration: EncoderConfiguration
  ) -> InferencePlan.Block {
    let isGated = configuration.attention != .none
    let floats = ActivationFormat(arithmetic.activations.order)
    let output = isLast ? floats : arithmetic.activations
    let outputScale = isLast ? 1 : scale(block.name)

    var downsample: FusedConvolution?
    var shortcut = (scale: isLast ? 1 : inputScale, element: output.element)
    if let step = block.downsample {
      // What is gated or pooled afterwards is in floats; a sum takes as many bytes as its result.
      var target = Target(format: isGated ? floats : output)
      if target.format.element == .unsigned8 {
        target.format.element = .signed8
        target.scale = scale(step.convolution, largest: 127)
      }
      shortcut = (target.scale, target.format.element)
      downsample = convolution(step, side, side, inputScale: inputScale, to: target)
    }

    var (size, scale) = (side, inputScale)
    var steps: [FusedConvolution] = []
    for (index, step) in block.steps.enumerated() {
      var target = Target(format: arithmetic.activations, rectifies: true)
      if index < block.steps.count - 1 {
        target.scale = self.scale(step.convolution)
      } else if isGated {
        target = Target(format: floats)
      } else {
        target = Target(
          format: output, scale: outputScale, sum: shortcut.scale,
          sumElement: shortcut.element == output.element ? nil : shortcut.element, rectifies: true)
      }
      steps.append(convolution(step, size, size, inputScale: scale, to: target))
      scale = target.scale
      size = steps[index].geometry.outputHeight
    }
    let gate =
      isGated
      ? GateTables(
        block, height: size, width: size, order: floats.order, weights, configuration) : nil
    let inner = block.steps.dropLast().map(\.convolution)
    return InferencePlan.Block(
      name: block.name, steps: steps,
      tensors: inner + [isGated ? "\(block.name).gated" : block.name],
      downsample: downsample, gate: gate, inputScale: inputScale, outputScale: outputScale,
      output: output)
  }
}
