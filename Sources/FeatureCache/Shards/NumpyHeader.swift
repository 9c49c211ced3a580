/// The header of a `.npy` file, format 1.0, as numpy writes it: padded with spaces so that the
/// data begin on a multiple of 64 bytes.
enum NumpyHeader {
  static func bytes(rows: Int, width: Int, type: FeatureCacheDescriptor.ElementType) -> [UInt8] {
    let fields =
      "{'descr': '\(type.numpyName)', 'fortran_order': False, 'shape': (\(rows), \(width)), }"
    let prefix = 10
    let total = (prefix + fields.utf8.count + 1 + 63) / 64 * 64
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
    bytes.append(little: UInt16(total - prefix))
    bytes += fields.utf8
    bytes += [UInt8](repeating: 0x20, count: total - bytes.count - 1)
    return bytes + [0x0A]
  }
}
