import NeuralNetworks
import Tensors
import TestSupport
import Testing

/// Lookups and bags of lookups, whose gradients are sparse.
struct EmbeddingTests {
  private let table: Embedding = {
    var random = RandomStream(seed: 8)
    return Embedding(rows: 5, width: 3, scale: 1, random: &random)
  }()

  @Test(.enabled(if: isDoublePrecision, "gradients are checked in the double-precision build"))
  func gradientsOfLookupsAgreeWithCentralDifferences() {
    let mismatch = checkGradients(of: table, samples: 60) { pass in
      (table([1, 4, -1, 1], pass).square() * table([0, 4, 2, 1], pass).exp()).sum()
    }
    #expect(mismatch.relativeError < 1e-6, "\(mismatch)")
  }

  @Test(.enabled(if: isDoublePrecision, "gradients are checked in the double-precision build"))
  func gradientsOfBagsAgreeWithCentralDifferences() {
    let mismatch = checkGradients(of: table, samples: 60) { pass in
      let bags = table.bags(values: [1, 4, 4, -1, 2], offsets: [0, 3, 3, 5], pass)
      return (bags.square() + bags.exp()).sum()
    }
    #expect(mismatch.relativeError < 1e-6, "\(mismatch)")
  }
}
