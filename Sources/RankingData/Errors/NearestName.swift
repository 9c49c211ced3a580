/// The legal name most like a misspelt one, or `nil` when none is near.
///
/// Likeness is the optimal string alignment distance: insertions, deletions, substitutions and
/// swaps of neighbours count 1 each, letter case counts nothing. Near means at most a third of the
/// longer name, and at least 2 edits are forgiven. O(total length of `names` × length of `name`).
package func nearest(_ name: String, in names: some Sequence<String>) -> String? {
  let wanted = Array(name.lowercased().unicodeScalars)
  var best: (name: String, distance: Int)?
  for candidate in names {
    let letters = Array(candidate.lowercased().unicodeScalars)
    let allowed = max(2, max(wanted.count, letters.count) / 3)
    let distance = alignmentDistance(wanted, letters)
    if distance <= allowed, distance < max(wanted.count, letters.count),
      distance < best?.distance ?? .max
    {
      best = (candidate, distance)
    }
  }
  return best?.name
}

private func alignmentDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
  if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
  var older = [Int](repeating: 0, count: b.count + 1)
  var previous = Array(0...b.count)
  for i in 1...a.count {
    var current = [i] + [Int](repeating: 0, count: b.count)
    for j in 1...b.count {
      let substitution = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
      var best = min(previous[j] + 1, current[j - 1] + 1, substitution)
      if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
        best = min(best, older[j - 2] + 1)
      }
      current[j] = best
    }
    older = previous
    previous = current
  }
  return previous[b.count]
}

/// The remedy for an unknown name: the nearest legal one, then all of them.
package func suggestion(for name: String, in names: [String]) -> String {
  let legal = names.map { "\"\($0)\"" }.joined(separator: ", ")
  if let near = nearest(name, in: names) {
    return "Did you mean \"\(near)\"? Legal here: \(legal)."
  }
  return names.isEmpty ? "No name is legal here." : "Legal here: \(legal)."
}
