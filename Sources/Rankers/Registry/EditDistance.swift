/// The closest of `candidates` to a misspelt name, if one is close enough to suggest.
package func nearest(to name: String, in candidates: [String]) -> String? {
  let scored = candidates.map { (distance: editDistance(name.lowercased(), $0.lowercased()), $0) }
  guard let best = scored.min(by: { $0 < $1 }) else { return nil }
  return best.distance <= max(2, name.count / 3) ? best.1 : nil
}

/// The number of insertions, deletions and replacements between two words (Levenshtein).
/// O(|a| · |b|).
private func editDistance(_ a: String, _ b: String) -> Int {
  let target = Array(b)
  var row = Array(0...target.count)
  for (i, character) in a.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for j in target.indices {
      let replaced = diagonal + (character == target[j] ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
    }
  }
  return row[target.count]
}
