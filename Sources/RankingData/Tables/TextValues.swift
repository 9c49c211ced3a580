/// The distinct texts of a column by code. Texts stay bytes until one is asked for, so a million ids
/// cost no `String`.
package struct TextValues: RandomAccessCollection, Sendable {
  private enum Storage: Sendable {
    /// Text `i` is `bytes[offsets[i] ..< offsets[i + 1]]`.
    case spelled(bytes: Column<UInt8>, offsets: Column<Int>)
    /// Text `i` is the number `i + 1`: rows that have no id of their own are numbered.
    case numbered(Int)
  }

  private let storage: Storage

  /// Texts by code.
  package init(_ texts: some Sequence<String>) {
    var bytes: [UInt8] = []
    var offsets = [0]
    for text in texts {
      bytes.append(contentsOf: text.utf8)
      offsets.append(bytes.count)
    }
    self.init(bytes: Column(bytes), offsets: Column(offsets))
  }

  /// The numbers from 1 to `count`.
  package init(numbersTo count: Int) { storage = .numbered(count) }

  /// Takes `offsets.count - 1` texts; the offsets ascend from 0 to `bytes.count`.
  init(bytes: Column<UInt8>, offsets: Column<Int>) {
    precondition(
      offsets.first == 0 && offsets.last == bytes.count, "The offsets do not fit the bytes.")
    storage = .spelled(bytes: bytes, offsets: offsets)
  }

  package var startIndex: Int { 0 }

  package var endIndex: Int {
    switch storage {
    case .spelled(_, let offsets): offsets.count - 1
    case .numbered(let count): count
    }
  }

  package subscript(code: Int) -> String {
    switch storage {
    case .spelled: unsafe withBytes(of: code) { unsafe String(decoding: $0, as: UTF8.self) }
    case .numbered: "\(code + 1)"
    }
  }

  /// The bytes of a text.
  func withBytes<Result>(
    of code: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result
  ) -> Result {
    switch storage {
    case .spelled(let bytes, let offsets):
      let range = offsets[code]..<offsets[code + 1]
      return unsafe bytes.withUnsafeBufferPointer { all in
        unsafe body(UnsafeBufferPointer(rebasing: all[range]))
      }
    case .numbered:
      var text = "\(code + 1)"
      return text.withUTF8 { unsafe body($0) }
    }
  }

  /// Whether a text has no characters: the value is missing.
  package func isEmpty(_ code: Int) -> Bool {
    switch storage {
    case .spelled(_, let offsets): offsets[code] == offsets[code + 1]
    case .numbered: false
    }
  }

  /// The code of the text without characters, if there is one.
  package var missing: Int32? { indices.first(where: isEmpty).map(Int32.init) }

  /// The number that a text spells, or `nil`.
  package func number(_ code: Int) -> Double? {
    unsafe withBytes(of: code) { unsafe DecimalNumber.parse($0) }
  }

  /// All texts one after the other, and where each starts and the last ends.
  var spelling: (bytes: Column<UInt8>, offsets: Column<Int>) {
    switch storage {
    case .spelled(let bytes, let offsets): (bytes, offsets)
    case .numbered: TextValues(Array(self)).spelling
    }
  }

  /// The same texts and one more. O(bytes).
  func appending(_ text: String) -> TextValues { TextValues(Array(self) + [text]) }
}

extension TextValues: Equatable {
  package static func == (a: TextValues, b: TextValues) -> Bool { a.elementsEqual(b) }
}
