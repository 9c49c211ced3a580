import ArgumentParser
import Vitrine

/// How a slate model's scores become an order.
struct DecodingOptions: ParsableArguments {
  enum Kind: String, ExpressibleByArgument, CaseIterable {
    case greedy, beam, sample
    case oneStep = "one-step"
  }

  @Option(
    help: """
      greedy takes the best of each step; beam keeps several slates; sample draws slates and takes \
      the likeliest; one-step scores once and sorts.
      """)
  var decoding = Kind.greedy

  @Option(help: "With beam: slates kept.")
  var beam = 4

  @Option(help: "With sample: above 1 flattens, below 1 sharpens the choice.")
  var temperature = 1.0

  @Option(help: "With sample: slates drawn for each list.")
  var samples = 8

  @Option(help: "With sample: seed of every draw.")
  var seed: UInt64 = 0

  var value: Decoding {
    switch decoding {
    case .greedy: .greedy
    case .beam: .beam(width: beam)
    case .sample: .sampling(temperature: temperature, samples: samples, seed: seed)
    case .oneStep: .oneStep
    }
  }
}
