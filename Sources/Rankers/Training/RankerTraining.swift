public import NeuralNetworks

/// How a ranker is trained; every key has a default.
public struct RankerTraining: Sendable, Hashable, Codable {
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
  /// How strongly AdamW and SGD draw the weights of layers to 0; tables of ids and biases are exempt.
  public var weightDecay = 0.0
  /// How much of its velocity SGD keeps.
  public var momentum = 0.9
  /// How the learning rate changes from epoch to epoch.
  public var schedule = RankerSchedule()
  /// What is minimised. A loss of lists trains on whole requests.
  public var loss = RankingLossSpecification(LogisticLoss())
  /// What decides which epoch was best; `Monitor(for:)` the loss unless set.
  public var monitor: Monitor {
    get { chosenMonitor ?? Monitor(for: loss.loss) }
    set { chosenMonitor = newValue }
  }
  /// A column of the log whose values are scenes; nil where all rows are one.
  public var scene: String?
  /// What a scene counts for against the others.
  public var sceneWeights = SceneWeights.root
  /// How scores become probabilities once the ranker is trained, besides what its kind does itself.
  public var calibration = Calibration.none
  /// Epochs without a gain before training stops.
  public var patience = 2
  /// Which epoch's parameters the ranker is left with.
  public var keep = KeptEpoch.best
  /// Limit on the joint norm of the gradients; nil for none.
  public var clipNorm: Double?
  /// Orders the rows and drives dropout.
  public var seed: UInt64 = 1
  /// After a warm start, epochs in which tables of ids stay as they are; the learning rate is a tenth
  /// afterwards. Nil for a start from nothing. No key of a configuration: the tables decide.
  public var frozenEpochs: Int?
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
    try check("weight_decay", weightDecay, 0...10)
    try check("momentum", momentum, 0...0.9999)
    try schedule.validate()
    if let clipNorm { try check("clip_norm", clipNorm, 1e-12...1e12) }
  }
}
