import Images

/// Pictures to train on and others to judge by.
package struct LabelledSplit: Sendable {
  package var train: LabelledImages
  package var validation: LabelledImages
  /// Pictures taken out of the training because the validation or the test holds the same bytes.
  package var duplicates: [String] = []

  /// Parts one set, class by class. Pictures of equal bytes stay together, so none is judged that
  /// was trained on; which go where depends on their bytes and the seed, not on their names.
  ///
  /// - Parameters:
  ///   - share: of each class's pictures, for validation; in 0 ..< 1.
  ///   - digests: of the files, in the order of the pictures.
  /// - Throws: `invalidInput` where a class has too few different pictures to be parted.
  package init(
    _ all: LabelledImages, share: Double, digests: [String?], seed: UInt64, path: String
  ) throws(VisualEncoderError) {
    precondition(digests.count == all.images.count && share >= 0 && share < 1, "share \(share)")
    // A group of equal bytes belongs to the class of its first picture.
    var groups: [String: [Int]] = [:]
    for (index, digest) in digests.enumerated() {
      groups[digest ?? "unreadable \(index)", default: []].append(index)
    }
    var classes: [Int: [(rank: String, members: [Int])]] = [:]
    for (digest, members) in groups {
      guard let first = members.first, let label = all.images[first].labels.first else { continue }
      let rank = HexDigest.sha256(Array("\(seed) \(digest)".utf8))
      classes[label, default: []].append((rank, members))
    }
    var chosen: Set<Int> = []
    for (label, groups) in classes {
      guard groups.count > 1 else {
        throw VisualEncoderError(
          .invalidInput, path: path,
          reason: "class \"\(all.classes[label])\" has not two different pictures, so it cannot be"
            + " parted for validation; add pictures, or give data.validation a folder")
      }
      let wanted = (share * Double(groups.count)).rounded()
      let count = min(max(Int(wanted), 1), groups.count - 1)
      for group in groups.sorted(by: { $0.rank < $1.rank }).prefix(count) {
        chosen.formUnion(group.members)
      }
    }
    (train, validation) = (all, all)
    train.images = all.images.indices.filter { !chosen.contains($0) }.map { all.images[$0] }
    validation.images = all.images.indices.filter(chosen.contains).map { all.images[$0] }
  }

  /// Takes sets that somebody parted; what is trained on must not be what is judged.
  package init(
    train: LabelledImages, digests: [String?], validation: LabelledImages, held: Set<String>
  ) {
    var kept = train
    var duplicates: [String] = []
    kept.images = []
    for (image, digest) in zip(train.images, digests) {
      if let digest, held.contains(digest) {
        duplicates.append(image.id)
      } else {
        kept.images.append(image)
      }
    }
    (self.train, self.validation, self.duplicates) = (kept, validation, duplicates)
  }
}
