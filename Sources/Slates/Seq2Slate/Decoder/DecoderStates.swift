import Foundation
package import Tensors

/// Half-built slates of one list side by side, each with a state of the decoder: the working memory
/// of every way of decoding.
///
/// A row computes the same bits whatever stands in the other rows.
package struct DecoderStates: Sendable {
  /// How many there are.
  private(set) var rows = 0
  /// What each finds of the candidates in the step decoded last, -infinity for those it has chosen:
  /// [rows, count].
  package private(set) var scores: [Scalar] = []

  private var count = 0
  /// What was chosen last and the hidden state before the step: [rows, width + cells].
  private var input: [Scalar] = []
  private var hidden: [Scalar] = []
  private var cell: [Scalar] = []
  private var query: [Scalar] = []
  private var exponentials: [Scalar] = []
  private var open: [UInt8] = []
  /// Of each row, the largest similarity to any choice: [rows, spaces, count].
  private var nearest: [Scalar] = []
  private var hasChosen = false
  // Where rows that follow others are put together.
  private var nextCell: [Scalar] = []
  private var nextOpen: [UInt8] = []
  private var nextNearest: [Scalar] = []

  package init() {}

  /// One empty slate.
  package mutating func start(_ encoding: ListEncoding, _ weights: Seq2SlateWeights) {
    count = encoding.count
    hasChosen = false
    makeRoom(for: 1, encoding, weights)
    let (depth, width) = (weights.decoder.depth, weights.keys.columns)
    let last = (count - 1) * width
    for k in weights.go.indices { input[k] = weights.go[k] }
    for k in 0..<depth - weights.go.count {
      input[weights.go.count + k] = encoding.states[last + k]
    }
    for k in 0..<width { cell[k] = encoding.cell[k] }
    for i in 0..<count { open[i] = 1 }
  }

  /// Scores what is left for the next place of every slate. O(rows · (H² + n H)).
  package mutating func score(
    _ list: SlateList, _ encoding: ListEncoding, _ weights: Seq2SlateWeights
  ) throws(SlateError) {
    let width = weights.keys.columns
    Kernels.lstm(input, weights.decoder, cell: &cell, hidden: &hidden, rows: rows)
    Kernels.product(hidden, stride: width, weights.queries, into: &query, rows: rows)
    Kernels.pointerScores(
      keys: encoding.keys, exponentials: encoding.keyExponentials, queries: query,
      scratch: &exponentials, vector: weights.vector, open: open, into: &scores, rows: rows,
      count: count)
    if hasChosen, let novelty = weights.novelty {
      Kernels.addNovelty(nearest, novelty, to: &scores, rows: rows, count: count)
    }
    for index in 0..<rows * count where open[index] != 0 && !scores[index].isFinite {
      throw .outputNotFinite(list: list.id)
    }
  }

  /// Whether a slate has not chosen a candidate yet.
  func isOpen(_ candidate: Int, row: Int) -> Bool { open[row * count + candidate] != 0 }

  /// The best open candidate of a slate; the lower base position wins a tie.
  func best(row: Int) -> Int {
    let first = row * count
    var best = -1
    for i in 0..<count where open[first + i] != 0 {
      if best < 0 || scores[first + i] > scores[first + best] { best = i }
    }
    return best
  }

  /// The logarithm of the sum of e^score over a slate's open candidates: log p is a score minus it.
  func logNormalizer(row: Int) -> Double {
    let largest = Double(scores[row * count + best(row: row)])
    var sum = 0.0
    for i in 0..<count where open[row * count + i] != 0 {
      sum += exp(Double(scores[row * count + i]) - largest)
    }
    return largest + log(sum)
  }

  /// Replaces the slates by continuations of them, one for each choice.
  mutating func follow(
    _ choices: [DecoderChoice], _ encoding: ListEncoding, _ weights: Seq2SlateWeights
  ) {
    makeRoom(for: choices.count, encoding, weights)
    let (depth, width) = (weights.decoder.depth, weights.keys.columns)
    let inputWidth = weights.go.count
    let block = (encoding.spaces?.width ?? 0) * count
    for (row, choice) in choices.enumerated() {
      let (parent, chosen) = (choice.parent, choice.candidate)
      for k in 0..<inputWidth {
        input[row * depth + k] = encoding.inputs[chosen * weights.input.columns + k]
      }
      for k in 0..<depth - inputWidth {
        input[row * depth + inputWidth + k] = hidden[parent * width + k]
      }
      for k in 0..<width { nextCell[row * width + k] = cell[parent * width + k] }
      for i in 0..<count { nextOpen[row * count + i] = open[parent * count + i] }
      nextOpen[row * count + chosen] = 0
      guard let spaces = encoding.spaces else { continue }
      for k in 0..<block {
        nextNearest[row * block + k] =
          hasChosen ? nearest[parent * block + k] : CandidateSpaces.farthest
      }
      spaces.approach(chosen, &nextNearest, at: row * block)
    }
    swap(&cell, &nextCell)
    swap(&open, &nextOpen)
    swap(&nearest, &nextNearest)
    hasChosen = true
  }

  /// Grows what a step writes; what the rows hold is kept where they are read from.
  private mutating func makeRoom(
    for rows: Int, _ encoding: ListEncoding, _ weights: Seq2SlateWeights
  ) {
    self.rows = rows
    let width = weights.keys.columns
    input.grow(to: rows * weights.decoder.depth)
    hidden.extend(to: rows * width)
    cell.extend(to: rows * width)
    nextCell.extend(to: rows * width)
    query.grow(to: rows * width)
    exponentials.grow(to: rows * width)
    open.extend(to: rows * count)
    nextOpen.extend(to: rows * count)
    scores.grow(to: rows * count)
    guard let spaces = encoding.spaces else { return }
    nearest.extend(to: rows * spaces.width * count)
    nextNearest.extend(to: rows * spaces.width * count)
  }
}

/// A candidate for the next place of one of several slates.
struct DecoderChoice: Sendable, Hashable {
  /// The slate it continues.
  var parent: Int
  var candidate: Int
}

extension Array where Element: Numeric {
  /// Makes it at least so long, with zeros behind what it holds.
  fileprivate mutating func extend(to count: Int) {
    if self.count < count { append(contentsOf: repeatElement(0, count: count - self.count)) }
  }
}
