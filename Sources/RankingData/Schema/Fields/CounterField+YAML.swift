extension CounterField {
  init(_ node: ConfigurationNode) throws(RankingDataError) {
    let members = try node.members(CodingKeys.allCases.map(\.rawValue))
    self.init(by: try node.required("by", members).oneOrMore())
    if let list = members["outputs"] {
      outputs = []
      for element in try list.elements() { outputs.append(try element.choice(Output.self)) }
      if outputs.isEmpty || Set(outputs).count != outputs.count {
        throw list.failure(
          .badValue, "a counter gives different numbers, and at least one.",
          "Choose of rate, lower and log_impressions.")
      }
    }
    if let node = members["smoothing"] { smoothing = try Smoothing(node) }
    fallback = try members["fallback"]?.oneOrMore() ?? fallback
    halfLife = try members["half_life"]?.number(in: 1...1e12)
    confidence = try members["confidence"]?.number(in: 0...10) ?? confidence
    minimumSamples = try members["minimum_samples"]?.integer(in: 0...1_000_000) ?? minimumSamples
    transform = try members["transform"]?.choice(NumericField.Transform.self) ?? transform
  }
}

extension CounterField.Smoothing {
  fileprivate init(_ node: ConfigurationNode) throws(RankingDataError) {
    guard node.isMapping else {
      guard try node.string() == "beta" else {
        throw node.failure(
          .badValue, "\"\(try node.string())\" is no smoothing.",
          "Write beta, or a prior: {alpha: 3, beta: 97}.")
      }
      self = .beta
      return
    }
    let members = try node.members(["alpha", "beta"])
    self = .fixed(
      BetaPrior(
        alpha: try node.required("alpha", members).number(in: 1e-9...1e12),
        beta: try node.required("beta", members).number(in: 1e-9...1e12)))
  }
}
