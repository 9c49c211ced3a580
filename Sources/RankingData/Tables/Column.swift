/// Plain values in a row, in memory or in a mapped file; read only, and shared without a copy.
@safe
package struct Column<Element: BitwiseCopyable & Sendable>: RandomAccessCollection,
  @unchecked Sendable
{
  /// Keeps what `base` points to alive. Nobody writes to it any more, so threads may share it.
  @usableFromInline let owner: any AnyObject & Sendable
  @usableFromInline let base: UnsafePointer<Element>
  /// Number of values.
  package let count: Int

  /// Copies an array. O(n).
  package init(_ values: some Collection<Element>) {
    unsafe self.init(count: values.count) { buffer in
      _ = unsafe buffer.initialize(fromContentsOf: values)
    }
  }

  /// Values that are written in place once: `fill` initialises all of them.
  package init(count: Int, _ fill: (UnsafeMutableBufferPointer<Element>) -> Void) {
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: Swift.max(1, count) * MemoryLayout<Element>.stride,
      alignment: MemoryLayout<Element>.alignment)
    let typed = unsafe memory.bindMemory(to: Element.self, capacity: count)
    unsafe fill(UnsafeMutableBufferPointer(start: typed, count: count))
    unsafe self.init(unsafe: UnsafePointer(typed), count: count, owner: ColumnMemory(memory))
  }

  /// The same value in every row.
  package init(repeating value: Element, count: Int) {
    unsafe self.init(count: count) { buffer in unsafe buffer.initialize(repeating: value) }
  }

  /// Values that live as long as `owner`.
  init(unsafe base: UnsafePointer<Element>, count: Int, owner: any AnyObject & Sendable) {
    unsafe self.base = unsafe base
    self.count = count
    self.owner = owner
  }

  @inlinable package var startIndex: Int { 0 }
  @inlinable package var endIndex: Int { count }
  @inlinable package var indices: Range<Int> { 0..<count }

  // The defaults of these are not specialized in other rooms: loops over a column would be ten times
  // slower there.
  @inlinable package func index(after index: Int) -> Int { index &+ 1 }
  @inlinable package func index(before index: Int) -> Int { index &- 1 }
  @inlinable package func formIndex(after index: inout Int) { index &+= 1 }
  @inlinable package func formIndex(before index: inout Int) { index &-= 1 }
  @inlinable package func index(_ index: Int, offsetBy distance: Int) -> Int { index + distance }
  @inlinable package func distance(from start: Int, to end: Int) -> Int { end - start }
  @inlinable package func makeIterator() -> ColumnIterator<Element> { ColumnIterator(self) }

  @inlinable package subscript(position: Int) -> Element {
    precondition(
      UInt(bitPattern: position) < UInt(bitPattern: count), "Row \(position) of \(count).")
    return unsafe base[position]
  }

  /// All values as contiguous memory.
  @inlinable package func withUnsafeBufferPointer<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(owner) {} }
    return try unsafe body(UnsafeBufferPointer(start: base, count: count))
  }

  @inlinable package func withContiguousStorageIfAvailable<Result>(
    _ body: (UnsafeBufferPointer<Element>) throws -> Result
  ) rethrows -> Result? {
    defer { withExtendedLifetime(owner) {} }
    return try unsafe body(UnsafeBufferPointer(start: base, count: count))
  }
}

/// Runs over a column.
package struct ColumnIterator<Element: BitwiseCopyable & Sendable>: IteratorProtocol {
  @usableFromInline let column: Column<Element>
  @usableFromInline var position = 0

  @inlinable init(_ column: Column<Element>) { self.column = column }

  @inlinable package mutating func next() -> Element? {
    guard position < column.count else { return nil }
    defer { position &+= 1 }
    return column[position]
  }
}

extension Column: ExpressibleByArrayLiteral {
  package init(arrayLiteral elements: Element...) { self.init(elements) }
}

extension Column: Equatable where Element: Equatable {
  package static func == (a: Column, b: Column) -> Bool { a.elementsEqual(b) }
}

/// Memory that is freed with its last column.
@safe private final class ColumnMemory: @unchecked Sendable {
  private let memory: UnsafeMutableRawPointer

  init(_ memory: UnsafeMutableRawPointer) { unsafe self.memory = unsafe memory }

  deinit { unsafe memory.deallocate() }
}
