import Foundation
import Tensors
import Testing

@Suite struct FilesNumpyTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// What `numpy.save` wrote for these arrays.
  private static let references: [(array: NumpyArray, prefix: String, data: String)] = [
    (
      NumpyArray(shape: [1, 2, 3], elements: .uint8([0, 1, 2, 3, 4, 5])),
      "{'descr': '|u1', 'fortran_order': False, 'shape': (1, 2, 3), }", "000102030405"
    ),
    (
      NumpyArray(shape: [2], elements: .float16([0x3800, 0xC000])),
      "{'descr': '<f2', 'fortran_order': False, 'shape': (2,), }", "003800c0"
    ),
    (
      NumpyArray(shape: [2, 1], elements: .float32([1.5, 2.5])),
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }", "0000c03f00002040"
    ),
  ]

  @Test(arguments: 0..<3) func agreesWithNumpyByteForByte(_ index: Int) throws {
    let reference = Self.references[index]
    let padding = [UInt8](repeating: 0x20, count: 117 - reference.prefix.utf8.count)
    let expected =
      bytes("934e554d505901007600") + Array(reference.prefix.utf8) + padding + [0x0A]
      + bytes(reference.data)
    try reference.array.write(to: folder.path("x.npy"))
    #expect(try folder.read("x.npy") == expected)
    #expect(try NumpyArray.read(folder.path("x.npy")) == reference.array)
  }

  @Test(arguments: [
    "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 1), }",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807, 9), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }",
    "{'descr': '<f4', 'fortran_order': False, }",
    "",
  ])
  func rejects(_ header: String) {
    let file =
      bytes("934e554d50590100") + [UInt8(header.utf8.count), 0] + Array(header.utf8)
      + [UInt8](repeating: 0, count: 8)
    #expect(throws: TensorFileError.self) { try NumpyArray(parsing: file, path: "x.npy") }
  }

  @Test func survivesTruncationAtEveryByte() throws {
    try Self.references[2].array.write(to: folder.path("x.npy"))
    let whole = try folder.read("x.npy")
    for length in 0..<whole.count {
      #expect(throws: TensorFileError.self) {
        try NumpyArray(parsing: Array(whole[..<length]), path: "x.npy")
      }
    }
  }

  @Test func anEmptyOrMissingFileIsAnError() throws {
    try Data().write(to: URL(fileURLWithPath: folder.path("empty")))
    #expect(throws: TensorFileError.self) { try NumpyArray.read(folder.path("empty")) }
    let missing = #expect(throws: TensorFileError.self) {
      try NumpyArray.read(folder.path("missing"))
    }
    #expect(missing?.description.contains("No such file") == true)
    #expect(throws: TensorFileError.self) { try NumpyArray.read(folder.path("")) }
  }
}
