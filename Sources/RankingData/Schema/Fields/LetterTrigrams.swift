/// The letter trigrams of a text (Huang et al., CIKM 2013): every three neighbouring characters of each
/// word between boundary marks, so that `good` is `#go`, `goo`, `ood` and `od#`.
///
/// Words that were never seen still share most of their trigrams with words that were. Words are runs
/// of letters and digits, in lower case; a trigram that occurs twice is there twice.
package struct LetterTrigrams: Sequence, IteratorProtocol {
  private var words: ArraySlice<[Character]>
  private var place = 0

  package init(_ text: some StringProtocol) {
    words =
      text.lowercased().split { !$0.isLetter && !$0.isNumber }
      .map { Array("#\($0)#") }[...]
  }

  package mutating func next() -> String? {
    while let word = words.first {
      if place + 3 <= word.count {
        defer { place += 1 }
        return String(word[place..<place + 3])
      }
      words.removeFirst()
      place = 0
    }
    return nil
  }
}
