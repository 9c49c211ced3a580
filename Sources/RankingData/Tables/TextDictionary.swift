/// Distinct byte strings and their codes, in order of first appearance. Cells are looked up by
/// their bytes, so a repeated value costs no `String`.
///
/// Open addressing with linear probing. A slot holds the first eight bytes of a text, or a hash of
/// a longer one: most ids are that short, and are found without touching a second line of memory.
struct TextDictionary: Sendable {
  private struct Slot: Sendable {
    var word: UInt64 = 0
    var length: Int32 = 0
    /// Negative where the slot is free.
    var code: Int32 = -1
  }

  private var bytes: [UInt8] = []
  private var ends: [Int] = []
  /// The count is a power of two.
  private var slots = [Slot](repeating: Slot(), count: 64)
  private var last = Slot()

  /// Number of texts.
  var count: Int { ends.count }

  /// All texts by code.
  var values: TextValues { TextValues(bytes: Column(bytes), offsets: Column([0] + ends)) }

  /// The code of a text, new or known. At least eight bytes behind it may be read. Amortized
  /// O(length).
  mutating func code(of text: UnsafeRawPointer, length: Int) -> Int32 {
    let word = unsafe Self.word(text, length)
    // Neighbouring rows often repeat a value: a request's user, a user's city.
    if last.word == word, last.length == length, last.code >= 0,
      unsafe length <= 8 || matches(last.code, text, length)
    {
      return last.code
    }
    let mask = slots.count - 1
    var position = Self.place(word, length) & mask
    while slots[position].code >= 0 {
      let slot = slots[position]
      if slot.word == word, slot.length == length,
        unsafe length <= 8 || matches(slot.code, text, length)
      {
        last = slot
        return slot.code
      }
      position = (position + 1) & mask
    }
    last = Slot(word: word, length: Int32(length), code: Int32(ends.count))
    unsafe bytes.append(contentsOf: UnsafeRawBufferPointer(start: text, count: length))
    ends.append(bytes.count)
    slots[position] = last
    if ends.count * 4 > slots.count * 3 { grow() }
    return last.code
  }

  private mutating func grow() {
    var larger = [Slot](repeating: Slot(), count: slots.count * 2)
    let mask = larger.count - 1
    for slot in slots where slot.code >= 0 {
      var position = Self.place(slot.word, Int(slot.length)) & mask
      while larger[position].code >= 0 { position = (position + 1) & mask }
      larger[position] = slot
    }
    slots = larger
  }

  private func matches(_ code: Int32, _ text: UnsafeRawPointer, _ length: Int) -> Bool {
    let end = ends[Int(code)]
    return unsafe bytes[end - length..<end].elementsEqual(
      UnsafeRawBufferPointer(start: text, count: length))
  }

  /// The bytes of a short text, the hash of a long one.
  @inline(__always)
  private static func word(_ text: UnsafeRawPointer, _ length: Int) -> UInt64 {
    let first = unsafe UInt64(littleEndian: text.loadUnaligned(as: UInt64.self))
    if length < 8 { return first & ((1 &<< UInt64(length &* 8)) &- 1) }
    if length == 8 { return first }
    var hash = mixed(first)
    var offset = 8
    while offset < length {
      // The last word overlaps the one before it.
      let place = min(offset, length &- 8)
      let word = unsafe text.loadUnaligned(fromByteOffset: place, as: UInt64.self)
      hash = mixed(hash ^ UInt64(littleEndian: word))
      offset &+= 8
    }
    return hash
  }

  private static func place(_ word: UInt64, _ length: Int) -> Int {
    Int(truncatingIfNeeded: mixed(word ^ UInt64(truncatingIfNeeded: length) &<< 56) >> 20)
  }

  /// The high half of a product depends on all bits of both factors; folding it in spreads them.
  @inline(__always) private static func mixed(_ word: UInt64) -> UInt64 {
    let product = word.multipliedFullWidth(by: 0x9e37_79b9_7f4a_7c15)
    return product.high ^ product.low
  }
}
