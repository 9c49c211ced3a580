import Rankers
import Testing

extension RankerGradientTests {
  @Test(
    arguments: zip(
      RecurrentRanker.Configuration.ReadOut.allCases,
      [.lstm, .gru, .lstm, .gru]
        as [RecurrentRanker.Configuration.Cell]))
  func recurrentRanker(
    readOut: RecurrentRanker.Configuration.ReadOut, cell: RecurrentRanker.Configuration.Cell
  ) throws {
    try check(RankerSpecification(RecurrentRanker.Configuration.small(cell, readOut)))
  }

  @Test(arguments: [SLiRec.Configuration.Fusion.adaptive, .fixed(0.2)])
  func sliRec(fusion: SLiRec.Configuration.Fusion) throws {
    try check(RankerSpecification(SLiRec.Configuration.small(fusion)))
  }
}

extension RecurrentRanker.Configuration {
  static func small(_ cell: Cell, _ readOut: ReadOut) -> Self {
    var configuration = Self()
    configuration.width = 4
    configuration.cell = cell
    configuration.units = 6
    configuration.readOut = readOut
    configuration.attentionHidden = [6, 4]
    configuration.hidden = [12, 7]
    configuration.embeddingScale = 0.3
    configuration.l2 = 1e-6
    return configuration
  }
}

extension SLiRec.Configuration {
  static func small(_ fusion: Fusion = .adaptive) -> Self {
    var configuration = Self()
    configuration.width = 4
    configuration.longTermUnits = 5
    configuration.attentionHidden = [6, 4]
    configuration.fusion = fusion
    configuration.fusionHidden = [6, 4]
    configuration.hidden = [12, 7]
    configuration.embeddingScale = 0.3
    configuration.l2 = 1e-6
    return configuration
  }
}
