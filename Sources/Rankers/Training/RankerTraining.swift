/// How a ranker is trained; every key has a default.
public struct RankerTraining: Sendable, Hashable, Codable {
  /// How gradients become steps.
  public enum Method: String, Sendable, Hashable, Codable, CaseIterable {
    /// Adam; a table's rows move only in steps that meet them.
    case adam
    /// Adagrad, which suits very sparse fields.
    case adagrad
    /// FTRL-Proximal, whose weights stay exactly 0 until they are worth more; for linear models.
    case ftrl
  }

  /// How scores become probabilities.
  public enum Calibration: String, Sendable, Hashable, Codable, CaseIterable {
    /// They stay what they are.
    case none
    /// Platt scaling, fitted to the validation rows.
    case platt
  }

  /// The most epochs to run.
  public var epochs = 10
  /// Rows in a step; under a loss of lists the most, unless a single request has more.
  public var batchSize = 256
  /// Step length; α of FTRL.
  public var learningRate = 0.001
  /// How gradients become steps.
  public var optimizer = Method.adam
  /// Penalties of FTRL; the other optimizers do not read them.
  public var ftrl = FTRLPenalties()
  /// What is minimised. A loss of lists trains on whole requests.
  public var loss = RankingLossSpecification(LogisticLoss())
  /// What decides which epoch was best; `Monitor(for:)` the loss unless set.
  public var monitor: Monitor {
    get { chosenMonitor ?? Monitor(for: loss.loss) }
    set { chosenMonitor = newValue }
  }
  /// How scores become probabilities once the ranker is trained, besides what its kind does itself.
  public var calibration = Calibration.none
  /// Epochs without a gain before training stops.
  public var patience = 2
  /// Limit on the joint norm of the gradients; nil for none.
  public var clipNorm: Double?
  /// Orders the rows and drives dropout.
  public var seed: UInt64 = 1
  /// Nil where nobody chose one.
  var chosenMonitor: Monitor?

  /// The defaults.
  public init() {}

  func validate() throws(RankerError) {
    try check("epochs", epochs, 1...100_000)
    try check("batch_size", batchSize, 1...10_000_000)
    try check("learning_rate", learningRate, 1e-12...100)
    try check("patience", patience, 1...100_000)
    try ftrl.validate()
    if let clipNorm { try check("clip_norm", clipNorm, 1e-12...1e12) }
  }
}
