extension RankerTraining {
  /// What decides which epoch was best.
  public enum Monitor: Sendable, Hashable {
    /// Area under the ROC curve over the validation rows: how well they are ordered.
    case auc
    /// AUC within each user's validation rows, averaged by their number: how well each user's rows are
    /// ordered. Users of one class are left out.
    case gauc
    /// Area under the precision-recall curve over the validation rows: for rare positives.
    case prAUC
    /// Log loss over the validation rows: also whether probabilities are right.
    case logLoss
    /// Mean NDCG of the validation requests at a cutoff: how well the best rows of a request are
    /// ordered. Requests without a relevant row are left out.
    case ndcg(Int)
    /// Mean reciprocal rank of the first relevant row of each validation request. Requests without one
    /// are left out.
    case mrr
    /// Area under the ROC curve of one of several tasks, over the validation rows where it was observed.
    case task(String)

    /// What suits a loss: the order of all rows where it learns probabilities, the head of each
    /// request where it learns an order.
    public init(for loss: any RankingLoss) {
      self = type(of: loss).scope == .rows ? .auc : .ndcg(10)
    }

    /// Whether less is better.
    public var isLoss: Bool { self == .logLoss }

    /// Whether it measures an order within requests.
    var needsOrder: Bool {
      switch self {
      case .ndcg, .mrr: true
      case .auc, .gauc, .prAUC, .logLoss, .task: false
      }
    }
  }
}

extension RankerTraining.Monitor: RawRepresentable {
  /// The names, `ndcg@10` for any cutoff.
  package static let names = ["auc", "gauc", "pr_auc", "log_loss", "ndcg@10", "mrr", "auc:TASK"]

  /// Reads a name; `ndcg@` with any cutoff, `auc:` with the name of a task.
  public init?(rawValue: String) {
    switch rawValue {
    case "auc": self = .auc
    case "gauc": self = .gauc
    case "pr_auc": self = .prAUC
    case "mrr": self = .mrr
    case "log_loss": self = .logLoss
    case let text where text.hasPrefix("auc:") && text != "auc:":
      self = .task(String(text.dropFirst("auc:".count)))
    default:
      guard rawValue.hasPrefix("ndcg@"), let cutoff = Int(rawValue.dropFirst(5)),
        (1...1_000_000).contains(cutoff)
      else { return nil }
      self = .ndcg(cutoff)
    }
  }

  /// The name in configurations and bundles.
  public var rawValue: String {
    switch self {
    case .auc: "auc"
    case .gauc: "gauc"
    case .prAUC: "pr_auc"
    case .mrr: "mrr"
    case .task(let name): "auc:\(name)"
    case .logLoss: "log_loss"
    case .ndcg(let cutoff): "ndcg@\(cutoff)"
    }
  }
}

extension RankerTraining.Monitor: Codable {
  /// Decodes a name.
  ///
  /// - Throws: `RankerError.configuration` for an unknown one.
  public init(from decoder: any Decoder) throws {
    let name = try decoder.singleValueContainer().decode(String.self)
    guard let monitor = Self(rawValue: name) else {
      throw RankerError.unknownChoice(key: "monitor", value: name, known: Self.names)
    }
    self = monitor
  }

  /// Encodes the name.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rawValue)
  }
}
