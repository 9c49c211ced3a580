import Foundation

/// A picture whose classes are known.
package struct LabelledImage: Sendable, Hashable {
  package let id: String
  package let path: String
  /// Positions among the classes, ascending; one unless pictures may have several.
  package let labels: [Int]
  /// As a manifest says; nil where it says nothing.
  package let category: String?

  package init(id: String, path: String, labels: [Int], category: String? = nil) {
    (self.id, self.path, self.labels, self.category) = (id, path, labels, category)
  }
}

/// Pictures to learn classes from: a folder whose sub-folders are the classes, or a manifest with a
/// column `label`, in which `|` separates the classes of a picture that has several.
package struct LabelledImages: Sendable, Hashable {
  /// The names, sorted.
  package let classes: [String]
  /// Ordered by id.
  package var images: [LabelledImage]
  /// Whether a picture may have several classes, or one.
  package let isMultiLabel: Bool

  package init(classes: [String], images: [LabelledImage], isMultiLabel: Bool = false) {
    (self.classes, self.images, self.isMultiLabel) = (classes, images, isMultiLabel)
  }

  /// Reads pictures to train on.
  /// - Throws: `invalidInput` naming file and line: a picture without a class, a class without a
  ///   picture, fewer than two classes.
  package static func read(_ input: String) throws(VisualEncoderError) -> LabelledImages {
    let rows = try LabelledRow.read(input)
    let classes = Set(rows.flatMap(\.labels)).sorted()
    guard classes.count > 1 else {
      throw VisualEncoderError(
        .invalidInput, path: input,
        reason: "there is only the class \"\(classes.first ?? "")\"; give at least two, each in a"
          + " sub-folder of its own or in the column label")
    }
    return try LabelledImages(
      rows, classes, isMultiLabel: rows.contains { $0.labels.count > 1 }, input)
  }

  /// Reads pictures to judge by, which may only have the classes that are trained.
  /// - Throws: `invalidInput` naming a class that is not, or several classes where one is trained.
  package func readOthers(_ input: String) throws(VisualEncoderError) -> LabelledImages {
    try LabelledImages(LabelledRow.read(input), classes, isMultiLabel: isMultiLabel, input)
  }

  private init(
    _ rows: [LabelledRow], _ classes: [String], isMultiLabel: Bool, _ input: String
  ) throws(VisualEncoderError) {
    let positions = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
    var images: [LabelledImage] = []
    for row in rows {
      var labels: [Int] = []
      for label in row.labels {
        guard let position = positions[label] else {
          throw VisualEncoderError(
            .invalidInput, path: row.place,
            reason: "class \"\(label)\" is not among those of the training:"
              + " \(classes.joined(separator: ", "))")
        }
        labels.append(position)
      }
      guard isMultiLabel || labels.count == 1 else {
        throw VisualEncoderError(
          .invalidInput, path: row.place,
          reason:
            "several classes (\(row.labels.joined(separator: "|"))), but the pictures that are"
            + " trained on have one each")
      }
      images.append(
        LabelledImage(
          id: row.id, path: row.path, labels: labels.sorted(), category: row.category))
    }
    self.init(
      classes: classes,
      images: images.sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) },
      isMultiLabel: isMultiLabel)
  }

  /// How many pictures each class has.
  package var classCounts: [Int] {
    var counts = [Int](repeating: 0, count: classes.count)
    for image in images { for label in image.labels { counts[label] += 1 } }
    return counts
  }

  /// Positions of `labels` as 0 and 1.
  package func targets(of image: LabelledImage) -> [Bool] {
    var targets = [Bool](repeating: false, count: classes.count)
    for label in image.labels { targets[label] = true }
    return targets
  }
}
