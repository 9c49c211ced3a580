public import Tensors

/// A convolution over images, its parameters named as PyTorch's.
public struct Convolution2D: Module {
  /// [outputs, inputs, kernel, kernel]
  public let weight: Parameter
  /// [outputs]
  public let bias: Parameter?
  private let stride: Int
  private let padding: Int

  /// Normal initialisation of variance 2 / (outputs · kernel²), which keeps the size of gradients
  /// through ReLU (He et al., 2015, arXiv 1502.01852; torchvision's choice for ResNet); bias 0.
  public init(
    inputs: Int, outputs: Int, kernel: Int, stride: Int = 1, padding: Int = 0, bias: Bool = true,
    random: inout RandomStream
  ) {
    let deviation = (2 / Scalar(max(outputs * kernel * kernel, 1))).squareRoot()
    weight = Parameter(
      Tensor(normal: deviation, shape: [outputs, inputs, kernel, kernel], random: &random))
    self.bias = bias ? Parameter(Tensor(zeros: [outputs])) : nil
    self.stride = stride
    self.padding = padding
  }

  /// x [N, inputs, H, W] -> [N, outputs, (H + 2 · padding - kernel) / stride + 1, the same of W]
  public func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    convolve(x, pass.read(weight), bias.map(pass.read), stride: stride, padding: padding)
  }

  /// The same over feature maps in blocks of channels; there is no bias then.
  package func callAsFunction(
    _ maps: FeatureMaps, products: Convolution.Products = .float32, _ pass: Pass
  ) -> FeatureMaps {
    precondition(bias == nil, "a convolution of feature maps has no bias")
    return convolve(maps, pass.read(weight), stride: stride, padding: padding, products: products)
  }

  /// The same from row-major images [N, inputs, H, W] to feature maps; there is no bias then.
  package func callAsFunction(
    images x: Tensor, products: Convolution.Products = .float32, _ pass: Pass
  ) -> FeatureMaps {
    precondition(bias == nil, "a convolution to feature maps has no bias")
    return convolve(
      images: x, pass.read(weight), stride: stride, padding: padding, products: products)
  }

  /// See `Module`.
  public func collect(into list: inout ParameterList) {
    list.add("weight", weight)
    if let bias { list.add("bias", bias) }
  }
}
