import CXGBoost

/// A model in the library's own memory, while it grows.
@safe struct Booster: ~Copyable {
  private let handle: BoosterHandle

  deinit { _ = unsafe XGBoosterFree(handle) }

  private init(handle: BoosterHandle) { unsafe self.handle = handle }

  /// An empty model that will be trained on `matrix`.
  static func empty(
    parameters: [(key: String, value: String)], matrix: borrowing DMatrix, columns: FeatureColumns
  ) throws(BoostingError) -> Booster {
    XGBoostLibrary.silence()
    var created: BoosterHandle?
    var cached: [DMatrixHandle?] = unsafe [matrix.handle]
    try XGBoostLibrary.check("start a model", unsafe XGBoosterCreate(&cached, 1, &created))
    guard let created = unsafe created else { throw .noRows }
    let booster = unsafe Booster(handle: created)
    for (key, value) in parameters { try booster.set(key, value) }
    try unsafe withFeatureTexts(of: columns) { (field, texts) in
      unsafe XGBoosterSetStrFeatureInfo(created, field, texts.baseAddress, UInt64(texts.count))
    }
    return booster
  }

  /// Sets one parameter.
  func set(_ key: String, _ value: String) throws(BoostingError) {
    try XGBoostLibrary.check(
      "set \(key) to \(value)", unsafe XGBoosterSetParam(handle, key, value))
  }

  /// Keeps a text with the model.
  func setAttribute(_ key: String, _ value: String) throws(BoostingError) {
    try XGBoostLibrary.check(
      "keep the attribute \(key)", unsafe XGBoosterSetAttr(handle, key, value))
  }

  /// Adds one round of trees by the objective of the parameters.
  func update(round: Int, _ matrix: borrowing DMatrix) throws(BoostingError) {
    try XGBoostLibrary.check(
      "train round \(round + 1)",
      unsafe XGBoosterUpdateOneIter(handle, Int32(round), matrix.handle))
  }

  /// Adds one round of trees by given gradients.
  func boost(
    round: Int, _ matrix: borrowing DMatrix, gradients: [Float], hessians: [Float]
  ) throws(BoostingError) {
    var (gradients, hessians) = (gradients, hessians)
    try XGBoostLibrary.check(
      "train round \(round + 1)",
      unsafe XGBoosterBoostOneIter(
        handle, matrix.handle, &gradients, &hessians, UInt64(gradients.count)))
  }

  /// The margins of all rows of a matrix; those of the training matrix are kept up to date and cost
  /// next to nothing.
  func margins(_ matrix: borrowing DMatrix, training: Bool) throws(BoostingError) -> [Float] {
    var shape: UnsafePointer<UInt64>?
    var dimensions: UInt64 = 0
    var values: UnsafePointer<Float>?
    // Type 1 is the margin; the iterations from 0 to 0 are all of them.
    let options =
      #"{"type": 1, "training": \#(training), "iteration_begin": 0, "iteration_end": 0, "#
      + #""strict_shape": false}"#
    try XGBoostLibrary.check(
      "score the rows",
      unsafe XGBoosterPredictFromDMatrix(
        handle, matrix.handle, options, &shape, &dimensions, &values))
    guard let shape = unsafe shape, let values = unsafe values else { return [] }
    let count = (0..<Int(dimensions)).reduce(1) { unsafe $0 * Int(shape[$1]) }
    return unsafe Array(UnsafeBufferPointer(start: values, count: count))
  }

  /// The model as the library's own JSON.
  func json() throws(BoostingError) -> [UInt8] {
    var length: UInt64 = 0
    var bytes: UnsafePointer<CChar>?
    try XGBoostLibrary.check(
      "write the model",
      unsafe XGBoosterSaveModelToBuffer(handle, #"{"format": "json"}"#, &length, &bytes))
    return unsafe UnsafeRawBufferPointer(start: bytes, count: Int(length)).map { $0 }
  }

  /// The trees of some rounds alone, with the same attributes.
  func slice(_ rounds: Range<Int>) throws(BoostingError) -> Booster {
    var slice: BoosterHandle?
    try XGBoostLibrary.check(
      "take rounds \(rounds)",
      unsafe XGBoosterSlice(
        handle, Int32(rounds.lowerBound), Int32(rounds.upperBound), 1, &slice))
    guard let slice = unsafe slice else { throw .noRows }
    return unsafe Booster(handle: slice)
  }

  /// Replaces the model by one that was written as JSON.
  func load(_ json: [UInt8]) throws(BoostingError) {
    let code = unsafe json.withUnsafeBytes {
      unsafe XGBoosterLoadModelFromBuffer(handle, $0.baseAddress, UInt64($0.count))
    }
    try XGBoostLibrary.check("read the model", code)
  }
}
