import Foundation
import Tensors
import Testing

@Suite struct FilesSafetensorsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// `safetensors.torch.save({"half": [0.5, -2, 65504] as float16, "brain": [[1, -3.140625]] as
  /// bfloat16, "steps": 7 as int64, "w": [[1.5, -0.25], [3e-8, 1e30]] as float32},
  /// {"format": "pt"})`
  private static let reference = bytes(
    """
    08010000000000007b225f5f6d657461646174615f5f223a7b22666f726d6174223a227074227d2c227374657073\
    223a7b226474797065223a22493634222c227368617065223a5b5d2c22646174615f6f666673657473223a5b302c\
    385d7d2c2277223a7b226474797065223a22463332222c227368617065223a5b322c325d2c22646174615f6f6666\
    73657473223a5b382c32345d7d2c22627261696e223a7b226474797065223a2242463136222c227368617065223a\
    5b312c325d2c22646174615f6f666673657473223a5b32342c32385d7d2c2268616c66223a7b226474797065223a\
    22463136222c227368617065223a5b335d2c22646174615f6f666673657473223a5b32382c33345d7d7d07000000\
    000000000000c03f000080be59d90033caf24971803f49c0003800c0ff7b
    """)

  @Test func readsWhatPythonWrites() throws {
    let file = try SafetensorsFile(parsing: Self.reference, path: "reference")
    #expect(file.metadata == ["format": "pt"])
    #expect(
      file.tensors == [
        "half": StoredTensor(shape: [3], floats: [0.5, -2, 65504]),
        "brain": StoredTensor(shape: [1, 2], floats: [1, -3.140625]),
        "steps": StoredTensor(shape: [], elements: .int64([7])),
        "w": StoredTensor(shape: [2, 2], floats: [1.5, -0.25, 3e-8, 1e30]),
      ])
  }

  @Test func roundTripIsExactAndDeterministic() throws {
    let file = SafetensorsFile(
      tensors: [
        "b": StoredTensor(shape: [3], floats: [1, -0.0, .leastNonzeroMagnitude]),
        "a\"\\\n\u{1F600}": StoredTensor(shape: [0, 4], floats: []),
        "n": StoredTensor(shape: [], elements: .int64([.min])),
        "d": StoredTensor(shape: [1], elements: .float64([0.1])),
      ], metadata: ["kind": "test", "note": "tab\t"])
    try file.write(to: folder.path("one"))
    try file.write(to: folder.path("two"))
    #expect(try SafetensorsFile.read(folder.path("one")) == file)
    #expect(try folder.read("one") == folder.read("two"))
    #expect(try folder.names() == ["one", "two"], "no temporary file stays behind")
  }

  @Test func writingReplacesOrLeavesTheOldFile() throws {
    let good = SafetensorsFile(tensors: ["a": StoredTensor(shape: [1], floats: [1])])
    try good.write(to: folder.path("file"))
    let bad = SafetensorsFile(tensors: ["a": StoredTensor(shape: [1], floats: [.nan])])
    #expect(throws: TensorFileError.self) { try bad.write(to: folder.path("file")) }
    #expect(try SafetensorsFile.read(folder.path("file")) == good)
    #expect(throws: TensorFileError.self) { try good.write(to: folder.path("none/file")) }
  }

  struct Hostile: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let header: String
    let data: Int
    let message: String

    init(_ name: String, _ header: String, data: Int = 8, says message: String) {
      (testDescription, self.header, self.data, self.message) = (name, header, data, message)
    }
  }

  private static func entry(_ name: String, _ begin: Int, _ end: Int, shape: String) -> String {
    "\"\(name)\":{\"dtype\":\"F32\",\"shape\":\(shape),\"data_offsets\":[\(begin),\(end)]}"
  }

  @Test(arguments: [
    Hostile(
      "duplicate", "{\(entry("a", 0, 4, shape: "[1]")),\(entry("a", 4, 8, shape: "[1]"))}",
      says: "\"a\" appears twice"),
    Hostile(
      "hole", "{\(entry("a", 0, 2, shape: "[0]")),\(entry("b", 4, 8, shape: "[1]"))}",
      says: "data_offsets"),
    Hostile("gap", "{\(entry("a", 4, 8, shape: "[1]"))}", says: "hole"),
    Hostile(
      "overlap", "{\(entry("a", 0, 8, shape: "[2]")),\(entry("b", 4, 8, shape: "[1]"))}",
      says: "overlaps"),
    Hostile("beyond the end", "{\(entry("a", 0, 16, shape: "[4]"))}", says: "cut short"),
    Hostile("trailing data", "{\(entry("a", 0, 4, shape: "[1]"))}", says: "after the last tensor"),
    Hostile("backwards", "{\(entry("a", 8, 4, shape: "[1]"))}", says: "data_offsets"),
    Hostile(
      "overflowing shape",
      "{\(entry("a", 0, 8, shape: "[4294967296,4294967296,4294967296]"))}", says: "too large"),
    Hostile(
      "overflowing number", "{\(entry("a", 0, 8, shape: "[99999999999999999999]"))}",
      says: "too large"),
    Hostile("negative", "{\(entry("a", 0, 8, shape: "[-2]"))}", says: "non-negative"),
    Hostile(
      "nine dimensions", "{\(entry("a", 0, 4, shape: "[1,1,1,1,1,1,1,1,1]"))}",
      says: "more than 8"),
    Hostile(
      "unknown type",
      "{\"a\":{\"dtype\":\"I8\",\"shape\":[8],\"data_offsets\":[0,8]}}", says: "I8"),
    Hostile(
      "unknown key",
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"x\":1}}", says: "\"x\""),
    Hostile("missing key", "{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}", says: "needs"),
    Hostile("text after", "{\(entry("a", 0, 8, shape: "[2]"))}{}", says: "after the header"),
    Hostile("deep nesting", String(repeating: "{\"a\":", count: 5000), says: "header byte"),
    Hostile("lone surrogate", "{\"\\ud800\":1}", says: "surrogate"),
    Hostile("empty", "", says: "header byte 0"),
  ])
  func rejects(_ hostile: Hostile) {
    let bytes = Self.file(header: hostile.header, data: [UInt8](repeating: 0, count: hostile.data))
    let error = #expect(throws: TensorFileError.self) {
      try SafetensorsFile(parsing: bytes, path: "w.safetensors")
    }
    #expect(error?.description.contains(hostile.message) == true, "\(error as Any)")
  }

  @Test func rejectsExcessAndInfinity() throws {
    var many = "{"
    for index in 0...SafetensorsFile.tensorLimit {
      many += (index == 0 ? "" : ",") + Self.entry("t\(index)", 0, 0, shape: "[0]")
    }
    let tooMany = #expect(throws: TensorFileError.self) {
      try SafetensorsFile(parsing: Self.file(header: many + "}", data: []), path: "x")
    }
    #expect(tooMany?.reason.contains("more than 10000 tensors") == true)

    var huge = [UInt8](repeating: 0, count: 64)
    huge.replaceSubrange(0..<8, with: [255, 255, 255, 255, 255, 255, 255, 127])
    #expect(throws: TensorFileError.self) { try SafetensorsFile(parsing: huge, path: "x") }

    let infinite = Self.file(
      header: "{\(Self.entry("layer.weight", 0, 8, shape: "[2]"))}",
      data: [0, 0, 0, 0, 0, 0, 0x80, 0x7F])
    let error = #expect(throws: TensorFileError.self) {
      try SafetensorsFile(parsing: infinite, path: "x")
    }
    #expect(error?.code == .notFinite)
    #expect(error?.tensor == "layer.weight")
  }

  /// Models compute in 32 bits, where a large double is infinite.
  @Test(arguments: [(3.4e38, true), (3.5e38, false), (-1e39, false), (1e-60, true)])
  func doublesMustFitASingle(value: Double, fits: Bool) throws {
    let header = "{\"d\":{\"dtype\":\"F64\",\"shape\":[2],\"data_offsets\":[0,16]}}"
    let data = [0.5, value].flatMap { number in
      (0..<8).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * UInt64($0))) }
    }
    let tensor = StoredTensor(shape: [2], elements: .float64([0.5, value]))
    let file = SafetensorsFile(tensors: ["d": tensor])
    if fits {
      let read = try SafetensorsFile(parsing: Self.file(header: header, data: data), path: "x")
      #expect(read == file && tensor.floats.allSatisfy(\.isFinite))
      try file.write(to: folder.path("file"))
    } else {
      let error = #expect(throws: TensorFileError.self) {
        try SafetensorsFile(parsing: Self.file(header: header, data: data), path: "x")
      }
      #expect(error?.code == .notFinite && error?.tensor == "d")
      #expect(error?.reason.contains("element 1") == true)
      #expect(throws: TensorFileError.self) { try file.write(to: folder.path("file")) }
    }
  }

  /// Flips, cuts and insertions anywhere: either an error or a valid file, never a trap.
  @Test func survivesMutations() {
    var random = RandomStream(seed: 7)
    var failures = 0
    for round in 0..<4000 {
      var bytes = Self.reference
      for _ in 0...random.next(below: 3) {
        let place = random.next(below: bytes.count)
        switch round % 4 {
        case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next(below: 256))
        case 1: bytes[place] ^= 1 << UInt8(random.next(below: 8))
        case 2: bytes.insert(UInt8(truncatingIfNeeded: random.next(below: 256)), at: place)
        default: bytes.removeSubrange(place..<min(place + 1 + random.next(below: 9), bytes.count))
        }
        if bytes.isEmpty { break }
      }
      do {
        let file = try SafetensorsFile(parsing: bytes, path: "mutated")
        #expect(file.tensors.values.allSatisfy { $0.shape.reduce(1, *) == $0.count })
      } catch {
        failures += 1
      }
    }
    #expect(failures > 1000)
  }

  private static func file(header: String, data: [UInt8]) -> [UInt8] {
    let text = Array(header.utf8)
    return (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text + data
  }
}
