import Foundation
import Tensors
import Testing

@Suite struct AtomicFolderTests {
  private let parent: String

  init() throws {
    parent = FileManager.default.temporaryDirectory.appendingPathComponent("atomic-\(UUID())").path
    try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: false)
  }

  private func fill(_ text: String) -> (String) throws -> Void {
    { try Data(text.utf8).write(to: URL(fileURLWithPath: "\($0)/file")) }
  }

  private func content(of name: String) throws -> String {
    try String(contentsOfFile: "\(parent)/\(name)/file", encoding: .utf8)
  }

  private var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: parent).sorted() }
  }

  @Test func appearsAndIsReplacedAsAWhole() throws {
    defer { try? FileManager.default.removeItem(atPath: parent) }
    try AtomicFolder.create("\(parent)/a/b", replacing: false, fill("one"))
    #expect(try content(of: "a/b") == "one")
    try AtomicFolder.create("\(parent)/a/b/", replacing: true, fill("two"))
    #expect(try content(of: "a/b") == "two")
    #expect(try FileManager.default.contentsOfDirectory(atPath: "\(parent)/a") == ["b"])
  }

  @Test func failuresLeaveWhatWasThere() throws {
    defer { try? FileManager.default.removeItem(atPath: parent) }
    struct Stop: Error {}
    try AtomicFolder.create("\(parent)/a", replacing: false, fill("one"))
    #expect(throws: Stop.self) {
      try AtomicFolder.create("\(parent)/a", replacing: true) { folder in
        try self.fill("half")(folder)
        throw Stop()
      }
    }
    let error = #expect(throws: TensorFileError.self) {
      try AtomicFolder.create("\(parent)/a", replacing: false, fill("two"))
    }
    #expect(error?.path == "\(parent)/a")
    #expect(try content(of: "a") == "one")
    try Data().write(to: URL(fileURLWithPath: "\(parent)/file"))
    #expect(throws: TensorFileError.self) {
      try AtomicFolder.create("\(parent)/file/a", replacing: true, fill("one"))
    }
    #expect(try names == ["a", "file"])
  }

  @Test func leftoversOfTheDeadAreRemoved() throws {
    defer { try? FileManager.default.removeItem(atPath: parent) }
    // No process has the highest number; this one's parent is alive.
    let (dead, alive) = (".a.tmp-\(Int32.max)", ".a.tmp-\(getppid())")
    for name in [
      dead, alive, "a.tmp-\(Int32.max)-12", ".a.tmp-notes", ".b.tmp-\(Int32.max)",
    ] {
      try FileManager.default.createDirectory(
        atPath: "\(parent)/\(name)", withIntermediateDirectories: false)
    }
    try AtomicFolder.create("\(parent)/a", replacing: true, fill("one"))
    #expect(try names == [alive, ".a.tmp-notes", ".b.tmp-\(Int32.max)", "a"].sorted())
  }
}
