import CDNNL

/// How the numbers of a tensor lie in memory.
struct TensorLayout: @unchecked Sendable {
  enum Order {
    /// Row-major, the last dimension contiguous.
    case plain
    /// `[N, C / block, H, W, block]`: the channels of one pixel lie together.
    case blocked(Int)
    /// `[N, H, W, C]`: all channels of one pixel lie together.
    case channelsLast
    /// Whatever suits the primitive best.
    case any
  }

  var descriptor: dnnl_memory_desc_t

  init(_ descriptor: dnnl_memory_desc_t) { self.descriptor = descriptor }

  init(_ dimensions: [Int], _ order: Order = .plain, _ element: ElementType = .float32) {
    descriptor = dnnl_memory_desc_t()
    let tag: dnnl_format_tag_t
    switch (order, dimensions.count) {
    case (.any, _): tag = dnnl_format_tag_any
    case (.blocked(16), 4): tag = dnnl_nChw16c
    case (.blocked(8), 4): tag = dnnl_nChw8c
    case (.channelsLast, 4): tag = dnnl_nhwc
    case (.plain, 1): tag = dnnl_a
    case (.plain, 2): tag = dnnl_ab
    case (.plain, 4): tag = dnnl_abcd
    default: preconditionFailure("no layout \(order) for \(dimensions.count) dimensions")
    }
    let sizes = dimensions.map { dnnl_dim_t($0) }
    check(
      dnnl_memory_desc_init_by_tag(&descriptor, Int32(sizes.count), sizes, element.name, tag),
      "describing a tensor of shape \(dimensions)")
  }

  var byteCount: Int { withUnsafePointer(to: descriptor) { dnnl_memory_desc_get_size($0) } }
}

extension TensorLayout: Hashable {
  static func == (left: TensorLayout, right: TensorLayout) -> Bool {
    withUnsafePointer(to: left.descriptor) { a in
      withUnsafePointer(to: right.descriptor) { b in dnnl_memory_desc_equal(a, b) != 0 }
    }
  }

  /// By the extents alone: equal layouts have equal ones, and few layouts share them.
  func hash(into hasher: inout Hasher) {
    hasher.combine(descriptor.ndims)
    withUnsafeBytes(of: descriptor.dims) { sizes in
      for size in sizes.bindMemory(to: dnnl_dim_t.self).prefix(Int(descriptor.ndims)) {
        hasher.combine(size)
      }
    }
  }
}
