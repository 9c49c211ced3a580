package import NeuralNetworks
package import Tensors

/// A network for each task, from its representation of a row to one logit.
package struct TaskTowers: Module {
  private let towers: [MultilayerPerceptron]

  /// Towers with first weights of their own.
  package init(
    tasks: Int, inputs: Int, hidden: [Int], dropout: Double, random: inout RandomStream
  ) {
    var towers: [MultilayerPerceptron] = []
    for _ in 0..<tasks {
      towers.append(
        MultilayerPerceptron(
          inputs: inputs, hidden: hidden, outputs: 1, dropout: Scalar(dropout), random: &random))
    }
    self.towers = towers
  }

  /// What each task reads `[count, inputs]`; one tensor for all where they read the same. Gives the
  /// logits `[count, tasks]`.
  package func callAsFunction(_ x: [Tensor], _ pass: Pass) -> Tensor {
    let logits = towers.enumerated().map { task, tower in
      tower(x.count == 1 ? x[0] : x[task], pass)
    }
    return logits.count == 1 ? logits[0] : concatenate(logits, axis: 1)
  }

  package func collect(into list: inout ParameterList) {
    for (task, tower) in towers.enumerated() { list.add("\(task)", tower) }
  }
}
