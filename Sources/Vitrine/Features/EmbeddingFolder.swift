import Foundation
public import RankingData
import Tensors

extension VisualTable {
  /// Reads vectors of items from a folder as `vitrine cache export --format npy` writes it:
  /// `features.npy` (`[count, width]`, float16 or float32) and `ids.txt`, one id a line, row for row.
  /// Anything that has a vector for each item comes in this way: a collaborative filter, a text model.
  ///
  /// - Throws: an error naming the file at fault.
  public init(folder: String) throws {
    let path = "\(folder)/features.npy"
    let array = try NumpyArray.read(path)
    guard array.shape.count == 2, array.shape[1] > 0 else {
      throw VitrineError(
        "\(path): shape \(array.shape) is no table of vectors",
        remedy: "Save one row an item: [count, width].")
    }
    let vectors: [Float]
    switch array.elements {
    case .float32(let values): vectors = values
    case .float16(let values): vectors = values.map { Float(Float16(bitPattern: $0)) }
    case .uint8:
      throw VitrineError(
        "\(path): bytes are no vectors", remedy: "Save them as float32.")
    }
    let names = try String(contentsOfFile: "\(folder)/ids.txt", encoding: .utf8)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let ids = names.last == "" ? Array(names.dropLast()) : names
    guard ids.count == array.shape[0] else {
      throw VitrineError(
        "\(folder): \(ids.count) lines in ids.txt, but \(array.shape[0]) rows in features.npy",
        remedy: "Write one id for each row, in order.")
    }
    if let bad = vectors.firstIndex(where: { !$0.isFinite }) {
      throw VitrineError(
        "\(path): the vector of \"\(ids[bad / array.shape[1]])\" holds NaN or infinity",
        remedy: "Leave the item out, or repair it.")
    }
    self.init(ids: ids, width: array.shape[1], vectors: vectors)
  }
}
