public import RankingData
import Tensors

extension VisualBlock {
  /// Images that scoring can find; 0 until a table is attached.
  public var imageCount: Int { source.count }

  /// Whether scoring does without the encoder's width.
  public var isPrepared: Bool { if case .projected = source { true } else { false } }

  /// Gives the block its vectors.
  ///
  /// - Parameter version: the encoder and preprocessing that made the vectors.
  /// - Throws: `RankerError.visualVersion` or `.visualWidth` if the block was trained on others.
  public mutating func attach(_ table: VisualTable, version: String) throws(RankerError) {
    guard version == input.version else {
      throw .visualVersion(expected: input.version, found: version)
    }
    guard table.width == input.width || table.count == 0 else {
      throw .visualWidth(expected: input.width, found: table.width)
    }
    source = table.count == 0 ? .none : .table(table)
  }

  /// Projects the whole table with the current parameters, which must not change afterwards.
  /// O(count · input.width · width) once; scoring then only looks vectors up.
  public mutating func prepare() {
    guard case .table(let table) = source else { return }
    let pass = Pass.inference()
    var blocks: [Tensor] = []
    // Blocks bound the memory that the centred copies of the vectors take.
    for start in stride(from: 0, to: table.count, by: 4096) {
      let rows = Int32(start)..<Int32(min(start + 4096, table.count))
      blocks.append(project(table, rows: Array(rows), pass))
    }
    source = .projected(concatenate(blocks + [standIns(pass)], axis: 0), count: table.count)
  }

  /// Takes mean and scale of the vectors from the attached table, as training does at its start.
  package func standardize() {
    guard case .table(let table) = source else { return }
    let width = table.width
    var sums = [Double](repeating: 0, count: width)
    var squares = 0.0
    for row in 0..<table.count {
      for (column, number) in table.vector(Int32(row)).enumerated() {
        sums[column] += Double(number)
        squares += Double(number) * Double(number)
      }
    }
    let means = sums.map { $0 / Double(table.count) }
    let variance =
      (squares / Double(table.count) - means.reduce(0) { $0 + $1 * $1 }) / Double(width)
    center.value = Tensor(means.map { Scalar($0) })
    // A table of equal vectors says nothing; leave it unscaled rather than amplify rounding.
    let deviation = variance > 1e-12 ? variance.squareRoot() : 1
    scale.value = Tensor([Scalar(1 / deviation)])
  }
}
