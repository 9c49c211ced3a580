/// Ids with times, cut to those strictly before a moment: what training rows and requests share.
struct TimedList {
  /// Oldest first; equal times in the order given.
  private(set) var ids: [Int32] = []
  /// Seconds before the moment.
  private(set) var ages: [Float] = []

  /// - Parameters:
  ///   - ids: rows of ids; -1 for an empty one, which is left out.
  ///   - times: seconds since 1970; NaN for an unreadable one, whose id is left out.
  ///   - now: the moment; NaN where it is unknown, and then every id stays.
  ///   - limit: longest list, most recent ids.
  init(ids: some Sequence<Int32>, times: some Sequence<Double>, before now: Double, limit: Int) {
    var kept: [(id: Int32, time: Double)] = []
    for (id, time) in zip(ids, times) where id >= 0 && !time.isNaN && (now.isNaN || time < now) {
      kept.append((id, time))
    }
    // Most lists come in order, and sorting is stable only by its second key.
    if zip(kept, kept.dropFirst()).contains(where: { $0.time > $1.time }) {
      kept = kept.enumerated().sorted { a, b in
        a.element.time != b.element.time
          ? a.element.time < b.element.time : a.offset < b.offset
      }.map(\.element)
    }
    for (id, time) in kept.suffix(limit) {
      self.ids.append(id)
      ages.append(Self.age(time, before: now))
    }
  }

  /// Seconds from a time to a moment; -1 where either is unknown.
  static func age(_ time: Double, before now: Double) -> Float {
    let age = now - time
    return age.isNaN ? -1 : Float(age)
  }

  /// A time as it is spelled; NaN where it is no whole number of seconds.
  static func time(_ text: String) -> Double {
    guard let time = Int64(text), time.magnitude <= 1 << 53 else { return .nan }
    return Double(time)
  }
}

extension MultiValuedField {
  /// The parts of a cell whose ids have times: empty ids keep their place.
  func parts(_ cell: String) -> [String] {
    if cell.isEmpty { return [] }
    return cell.split(separator: separator, omittingEmptySubsequences: false)
      .map(MultiValuedField.trimmed)
  }
}
