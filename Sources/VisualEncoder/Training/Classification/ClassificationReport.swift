/// How well classes are told apart on pictures that were not trained on.
public struct ClassificationReport: Sendable, Codable, Equatable {
  /// The names, in the order of all lists.
  public var classes: [String]
  /// Pictures judged.
  public var images: Int
  /// Mean loss, without smoothing.
  public var loss: Double
  /// The share whose most likely class is the true one. Where pictures may have several classes, the
  /// share of right answers, yes or no, to every class of every picture.
  public var accuracy: Double
  /// Of the pictures of each class, the share that was found; nil for a class without pictures.
  public var recall: [Double?]
  /// Rows are true classes, columns the most likely ones. Empty where pictures may have several.
  public var confusion: [[Int]]
  /// The mean over classes of average precision; only where pictures may have several.
  public var meanAveragePrecision: Double?
  /// The share of pictures whose nearest other picture, by the cosine of centred features, is of the
  /// same class; nil where it was not measured.
  public var neighbourAgreement: Double?

  /// Higher is better; decides which epoch is kept.
  public var score: Double { meanAveragePrecision ?? accuracy }

  private enum CodingKeys: String, CodingKey {
    case classes, images, loss, accuracy, recall, confusion
    case meanAveragePrecision = "mean_average_precision"
    case neighbourAgreement = "neighbour_agreement"
  }
}

extension ClassificationReport {
  /// Judges logits.
  /// - Parameters:
  ///   - logits: `[images][classes]`
  ///   - loss: the mean of all pictures.
  package init(_ images: LabelledImages, logits: [[Float]], loss: Double) {
    let classes = images.classes.count
    precondition(logits.count == images.images.count, "\(logits.count) rows of logits")
    self.classes = images.classes
    self.images = logits.count
    self.loss = loss
    var found = [Int](repeating: 0, count: classes)
    let counts = images.classCounts
    if images.isMultiLabel {
      var right = 0
      for (image, row) in zip(images.images, logits) {
        let targets = images.targets(of: image)
        for (label, logit) in row.enumerated() where (logit > 0) == targets[label] {
          right += 1
          if targets[label] { found[label] += 1 }
        }
      }
      accuracy = Double(right) / Double(max(logits.count * classes, 1))
      confusion = []
      let precisions = (0..<classes).compactMap { label in
        averagePrecision(
          zip(images.images, logits).map { ($0.labels.contains(label), $1[label]) })
      }
      meanAveragePrecision = precisions.reduce(0, +) / Double(max(precisions.count, 1))
    } else {
      confusion = [[Int]](repeating: [Int](repeating: 0, count: classes), count: classes)
      for (image, row) in zip(images.images, logits) {
        let best = row.indices.max { row[$0] < row[$1] } ?? 0
        confusion[image.labels[0]][best] += 1
      }
      for label in 0..<classes { found[label] = confusion[label][label] }
      accuracy = Double(found.reduce(0, +)) / Double(max(logits.count, 1))
    }
    recall = zip(found, counts).map { $1 > 0 ? Double($0) / Double($1) : nil }
  }
}

/// The mean of the precisions at each relevant one, best score first; nil without a relevant one.
private func averagePrecision(_ list: [(isRelevant: Bool, score: Float)]) -> Double? {
  var (hits, total) = (0, 0.0)
  for (rank, item) in list.sorted(by: { $0.score > $1.score }).enumerated() where item.isRelevant {
    hits += 1
    total += Double(hits) / Double(rank + 1)
  }
  return hits > 0 ? total / Double(hits) : nil
}
