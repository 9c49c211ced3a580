/// The rows of each part of a log, each in ascending order. No request is in two parts.
public struct SplitRows: Sendable, Hashable {
  /// What models learn from.
  public var train: [Int32]
  /// What stops a training early and chooses among models.
  public var validation: [Int32]
  /// What models are judged by.
  public var test: [Int32]

  /// Rows by part.
  public init(train: [Int32] = [], validation: [Int32] = [], test: [Int32] = []) {
    self.train = train
    self.validation = validation
    self.test = test
  }
}

extension SplitRows {
  enum Part { case train, validation, test }

  /// Puts each row where a function says.
  init(count: Int, _ part: (Int) -> Part) {
    self.init()
    for row in 0..<count {
      switch part(row) {
      case .train: train.append(Int32(row))
      case .validation: validation.append(Int32(row))
      case .test: test.append(Int32(row))
      }
    }
  }

  /// The same rows, if no part that was asked for is empty.
  /// - Parameter reason: how the split was made, for the error.
  func checked(
    validation wantsValidation: Bool, test wantsTest: Bool, _ reason: String, _ remedy: String
  ) throws(RankingDataError) -> SplitRows {
    let count = train.count + validation.count + test.count
    for (name, isEmpty) in [
      ("training", train.isEmpty), ("validation", wantsValidation && validation.isEmpty),
      ("test", wantsTest && test.isEmpty),
    ] where isEmpty {
      throw RankingDataError(
        .insufficientData,
        problem: "The split leaves none of \(count) rows for \(name): \(reason).", remedy: remedy)
    }
    return self
  }
}
