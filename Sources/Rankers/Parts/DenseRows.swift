package import NeuralNetworks
package import RankingData
package import Tensors

/// The rows of a batch as a dense network reads them: whole, or taken apart into what the candidates of
/// a request share and what is each one's own. Any number of networks may read the same rows.
public struct DenseRows {
  private enum Columns {
    case joined(Tensor)
    case split(SplitColumns)
  }

  private let columns: Columns

  /// Whole rows `[count, width]`.
  package init(_ joined: Tensor) { columns = .joined(joined) }

  /// Rows of requests, for scoring.
  package init(_ split: SplitColumns) { columns = .split(split) }

  /// `[count, width]`
  package var joined: Tensor {
    switch columns {
    case .joined(let rows): rows
    case .split(let columns): columns.joined
    }
  }

  /// What a linear layer makes of the rows: `[count, outputs]`.
  package func through(_ layer: Linear, _ pass: Pass) -> Tensor {
    switch columns {
    case .joined(let rows): layer(rows, pass)
    case .split(let columns): columns.through(layer)
    }
  }

  /// What a network makes of the rows: `[count, outputs]`.
  package func through(_ network: MultilayerPerceptron, _ pass: Pass) -> Tensor {
    switch columns {
    case .joined(let rows): network(rows, pass)
    case .split(let columns): network.first == nil ? columns.joined : network(columns)
    }
  }
}

extension DenseInput {
  /// The rows of a batch, taken apart where scoring gains by it, and in training the penalty on the
  /// vectors that they touch.
  package func rows(
    _ batch: RankingBatch, _ pass: Pass, l2: Double
  ) -> (rows: DenseRows, penalty: Tensor?) {
    if !pass.isTraining, let split = split(batch, RequestSharing(batch)) {
      return (DenseRows(split), nil)
    }
    let columns = self(batch, pass)
    return (DenseRows(columns.joined), columns.penalty(l2))
  }
}
