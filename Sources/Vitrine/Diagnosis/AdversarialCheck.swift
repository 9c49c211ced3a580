import RankingData
import RankingEvaluation

/// Adversarial validation: a classifier of training against test rows, without times, ids and what
/// grows with time. Where it succeeds, the two parts are not of one world, and the features that it
/// goes by say in what.
struct AdversarialCheck {
  private let subject: DiagnosisCase
  private static let sample = 30_000

  init(_ subject: DiagnosisCase) { self.subject = subject }

  func run() throws -> (DiagnosisReport.Adversarial?, [Finding]) {
    let schema = subject.schema.withoutIdentity
    guard schema.hasFeatures else { return (nil, []) }
    let train = DiagnosisCase.sampled(subject.rows.train, Self.sample)
    let test = DiagnosisCase.sampled(subject.rows.test, Self.sample)
    // Half of the users teach, the other half judge, or an id-like feature is learnt by heart.
    let (learning, judging) = halves(train, test)
    let transform = try FeatureTransform.fit(
      subject.log, schema: schema, rows: learning.train + learning.test)
    let compiled = try CompiledLog(subject.log, transform: transform)
    let learningBatch = batch(learning, compiled)
    let judgingBatch = batch(judging, compiled)
    let classifier = try ProbeClassifier(learningBatch, transform.layout, seed: subject.seed)
    let auc = try classifier.auc(judgingBatch)
    let margin = aucMargin(positives: units(judging.test), negatives: units(judging.train))
    var carriers: [DiagnosisReport.Adversarial.Carrier] = []
    for (name, shuffled) in judgingBatch.withoutEach(transform.layout, seed: subject.seed) {
      // A number went in by its bucket; it is known by its own name.
      let feature = name.replacing("buckets of ", with: "", maxReplacements: 1)
      carriers.append(.init(feature: feature, loss: auc - (try classifier.auc(shuffled))))
    }
    carriers.sort { ($1.loss, $0.feature) < ($0.loss, $1.feature) }
    let result = DiagnosisReport.Adversarial(auc: auc, margin: margin, carriers: carriers)
    return (result, finding(result).map { [$0] } ?? [])
  }

  private typealias Half = (train: [Int32], test: [Int32])

  private func halves(_ train: [Int32], _ test: [Int32]) -> (Half, Half) {
    let users = subject.log.users.codes
    func teaches(_ row: Int32) -> Bool {
      (UInt64(UInt32(bitPattern: users[Int(row)])) &* 0x9e37_79b9_7f4a_7c15) >> 63 == 0
    }
    return (
      (train.filter(teaches), test.filter(teaches)),
      (train.filter { !teaches($0) }, test.filter { !teaches($0) })
    )
  }

  private func batch(_ half: Half, _ compiled: CompiledLog) -> RankingBatch {
    var batch = compiled.batch(half.train + half.test)
    batch.labels =
      [Float](repeating: 0, count: half.train.count) + [Float](repeating: 1, count: half.test.count)
    // The two parts weigh the same, or the base rate is all there is to learn.
    let shares = (Float(half.test.count), Float(half.train.count))
    let total = max(shares.0 + shares.1, 1)
    batch.weights = batch.labels.map { 2 * ($0 == 0 ? shares.0 : shares.1) / total }
    return batch
  }

  private func units(_ rows: [Int32]) -> Double {
    Double(Set(rows.map { subject.log.users.codes[Int($0)] }).count)
  }

  private func finding(_ result: DiagnosisReport.Adversarial) -> Finding? {
    guard result.auc - result.margin > 0.55 else { return nil }
    let named = result.carriers.prefix(3).filter { $0.loss > 0.005 }
      .map { "\($0.feature) (\(readable($0.loss)))" }.joined(separator: ", ")
    return Finding(
      result.auc > 0.7 ? .high : .medium, .drift,
      "A classifier tells training rows from test rows",
      "AUC \(readable(result.auc)), where 0.5 is no difference and 0.55 is fine"
        + (named.isEmpty ? "." : "; carried by \(named)."),
      remedy: "Look at those features first: drop or transform them, train on a more recent window,"
        + " or weight training rows by p / (1 - p) of this classifier.")
  }
}
