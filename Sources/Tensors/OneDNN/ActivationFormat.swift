/// How an activation `[N, C, H, W]` lies in memory, and what its numbers are.
package struct ActivationFormat: Sendable, Hashable {
  package enum Order: Sendable, Hashable {
    /// Row-major.
    case plain
    /// Blocks of `Activations.channelBlock` channels: `[N, C / block, H, W, block]`.
    case blocked
    /// `[N, H, W, C]`.
    case channelsLast
  }

  package var order: Order
  package var element: ElementType

  package init(_ order: Order, _ element: ElementType = .float32) {
    self.order = order
    self.element = element
  }

  func layout(_ shape: [Int]) -> TensorLayout {
    switch order {
    case .plain: TensorLayout(shape, .plain, element)
    case .blocked: TensorLayout(shape, .blocked(Engine.channelBlock), element)
    case .channelsLast: TensorLayout(shape, .channelsLast, element)
    }
  }
}
