import CDNNL

/// How one number of an activation or of the weights is stored.
package enum ElementType: Sendable, Hashable {
  case float32
  /// The upper half of a `float32`.
  case bfloat16
  /// A whole number 0...255 times the scale of its tensor.
  case unsigned8
  /// A whole number -128...127 times the scale of its tensor.
  case signed8

  package var byteCount: Int {
    switch self {
    case .float32: 4
    case .bfloat16: 2
    case .unsigned8, .signed8: 1
    }
  }

  var name: dnnl_data_type_t {
    switch self {
    case .float32: dnnl_f32
    case .bfloat16: dnnl_bf16
    case .unsigned8: dnnl_u8
    case .signed8: dnnl_s8
    }
  }
}
