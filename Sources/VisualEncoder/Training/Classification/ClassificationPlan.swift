public import Images
public import NeuralNetworks

/// How an encoder learns to tell classes apart. Everything in it decides the result, but for
/// `workers`.
public struct ClassificationPlan: Sendable, Codable, Equatable {
  /// The rule that moves the weights.
  public enum Method: String, Sendable, Codable, CaseIterable {
    /// Stochastic gradient descent with Nesterov's momentum.
    case sgd
    /// Adam with decoupled weight decay.
    case adamw
  }

  /// How the learning rate falls after the warm-up.
  public enum Schedule: String, Sendable, Codable, CaseIterable {
    /// Half a cosine down to zero at the last epoch.
    case cosine
    /// By `stepFactor` after every `stepEpochs`.
    case step
    /// Not at all.
    case constant
  }

  /// Which epoch is kept.
  public var keep = KeptEpoch.best
  /// Passes over the training pictures.
  public var epochs = 60
  /// Epochs without a better validation score before stopping.
  public var patience = 1000
  /// Pictures in a step.
  public var batchSize = 64
  /// See `Method`.
  public var optimizer = Method.sgd
  /// At its highest.
  public var learningRate = 0.05
  /// Of SGD; in 0 ..< 1.
  public var momentum = 0.9
  /// Of weights, not of biases, normalisations and codes.
  public var weightDecay = 5e-4
  /// See `Schedule`.
  public var schedule = Schedule.cosine
  /// Epochs in which the rate rises from zero, also a fraction.
  public var warmupEpochs = 2.0
  /// Epochs between two falls of `Schedule.step`.
  public var stepEpochs = 20
  /// What each of them leaves.
  public var stepFactor = 0.1
  /// How much of a target is spread over all classes.
  public var labelSmoothing = 0.1
  /// See `PictureMixing`.
  public var mixup = 0.0
  /// See `PictureMixing`.
  public var cutmix = 0.0
  /// How likely a feature is left out before the classifier.
  public var dropout = 0.0
  /// Limit on the joint norm of the gradients, or nil.
  public var clipNorm: Double? = 5
  /// Decay of the moving average of all weights that is validated and kept, or nil for the weights
  /// themselves.
  public var average: Double?
  /// Share of the pictures of a step that teach category gates by verification.
  public var verification = 0.3
  /// What a verification counts against a classification.
  public var verificationWeight = 0.5
  /// Categories with fewer pictures start from their parent's code.
  public var rareImages = 20
  /// The parents of categories by name.
  public var parents: [String: String] = [:]
  /// Of the convolutions.
  public var arithmetic = Arithmetic.fp32
  /// Whose statistics normalise in training.
  public var batchNorm = Statistics.batch
  /// How the pictures vary.
  public var augmentation = Augmentation()
  /// Drives every random choice.
  public var seed: UInt64 = 1
  /// Threads that prepare pictures.
  public var workers = 2

  /// What convolutions multiply; sums are single precision.
  public enum Arithmetic: String, Sendable, Codable, CaseIterable {
    /// Single precision.
    case fp32
    /// `bfloat16`, where the processor has it.
    case bf16
  }

  /// Whose mean and variance normalise a picture's activations in training.
  public enum Statistics: String, Sendable, Codable, CaseIterable {
    /// Those of 32 pictures that pass together; running ones follow.
    case batch
    /// The running ones, which stay: for going on with few pictures.
    case frozen
  }

  /// The defaults: for a few thousand pictures and a network from random weights.
  public init() {}
}
