#if !DOUBLE_PRECISION
  import CDNNL

  /// The compiled forms of a convolution.
  extension Convolution {
    func forwardPrimitive(withBias: Bool) -> Primitive {
      compiled("convolution", withBias) { algorithm in
        var operation = dnnl_convolution_desc_t()
        var (source, weights, target) = (
          inputLayout(element), weightLayout(element), outputLayout(.float32)
        )
        var bias = biasLayout(withBias)
        check(
          dnnl_convolution_forward_desc_init(
            &operation, dnnl_forward_training, algorithm, &source, &weights, &bias, &target,
            geometry.pair(geometry.stride), geometry.pair(geometry.padding), nil),
          "describing the convolution \(geometry)")
        return Primitive.make(&operation)
      }
    }

    func inputGradientPrimitive() -> Primitive {
      let hint = hintPrimitive()
      return compiled("convolution gradient by input", false) { algorithm in
        var operation = dnnl_convolution_desc_t()
        var (source, weights, target) = (
          inputLayout(.float32), weightLayout(element), outputLayout(element)
        )
        check(
          dnnl_convolution_backward_data_desc_init(
            &operation, algorithm, &source, &weights, &target, geometry.pair(geometry.stride),
            geometry.pair(geometry.padding), nil),
          "describing the gradient of \(geometry)")
        return Primitive.make(&operation, hint: hint)
      }
    }

    func weightGradientPrimitive(withBias: Bool) -> Primitive {
      let hint = hintPrimitive()
      return compiled("convolution gradient by weights", withBias) { algorithm in
        var operation = dnnl_convolution_desc_t()
        var (source, weights, target) = (
          inputLayout(element), weightLayout(.float32), outputLayout(element)
        )
        var bias = biasLayout(withBias)
        check(
          dnnl_convolution_backward_weights_desc_init(
            &operation, algorithm, &source, &weights, &bias, &target,
            geometry.pair(geometry.stride), geometry.pair(geometry.padding), nil),
          "describing the gradient of \(geometry)")
        return Primitive.make(&operation, hint: hint)
      }
    }

    /// The forward pass that a backward one is described after: all operands as they are multiplied.
    private func hintPrimitive() -> Primitive {
      compiled("convolution hint", false) { algorithm in
        var operation = dnnl_convolution_desc_t()
        var (source, weights, target) = (
          inputLayout(element), weightLayout(element), outputLayout(element)
        )
        var bias = dnnl_memory_desc_t()
        check(
          dnnl_convolution_forward_desc_init(
            &operation, dnnl_forward_training, algorithm, &source, &weights, &bias, &target,
            geometry.pair(geometry.stride), geometry.pair(geometry.padding), nil),
          "describing the convolution \(geometry)")
        return Primitive.make(&operation)
      }
    }

    private func compiled(
      _ name: String, _ withBias: Bool, _ make: (dnnl_alg_kind_t) -> Primitive?
    ) -> Primitive {
      let options = [withBias ? 1 : 0, input.code, output.code, products == .bfloat16 ? 1 : 0]
      return PrimitiveCache.shared.primitive(name, geometry, options) {
        let winograd = prefersWinograd ? make(dnnl_convolution_winograd) : nil
        return winograd ?? make(dnnl_convolution_direct)
      }
    }

    /// Winograd's method needs at best 4 times fewer products for 3x3 kernels; tiles of 4x4 results
    /// that stick out beyond a small map, and few channels beside its transforms, eat the gain up.
    private var prefersWinograd: Bool {
      geometry.kernel == 3 && geometry.stride == 1 && geometry.padding == 1
        && products == .float32 && output == .blocked && geometry.height >= 4
        && geometry.width >= 4 && min(geometry.inputChannels, geometry.outputChannels) >= 32
    }

    private var element: ElementType { products == .bfloat16 ? .bfloat16 : .float32 }

    private func inputLayout(_ element: ElementType) -> dnnl_memory_desc_t {
      TensorLayout(geometry.inputShape, input == .plain ? .any : input.order, element).descriptor
    }

    private func outputLayout(_ element: ElementType) -> dnnl_memory_desc_t {
      TensorLayout(geometry.outputShape, output == .plain ? .any : output.order, element)
        .descriptor
    }

    private func weightLayout(_ element: ElementType) -> dnnl_memory_desc_t {
      TensorLayout(geometry.weightShape, .any, element).descriptor
    }

    private func biasLayout(_ isWanted: Bool) -> dnnl_memory_desc_t {
      isWanted ? TensorLayout([geometry.outputChannels]).descriptor : dnnl_memory_desc_t()
    }
  }
#endif
