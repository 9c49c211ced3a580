import FileSupport
import Foundation
import Testing
import VisualEncoder

@Suite struct ImageListTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func aFolderGivesRelativePathsWithoutExtension() throws {
    for name in ["b/x.jpg", "a.PNG", "b/c/y.z.jpeg", "notes.txt", ".git/z.jpg", "w.webp"] {
      try folder.write("x", to: "in/\(name)")
    }
    let items = try ImageList.read(folder("in"))
    #expect(items.map(\.id) == ["a", "b/c/y.z", "b/x", "w"])
    #expect(items[1].path == folder("in/b/c/y.z.jpeg"))
    try folder.write("x", to: "in/a.jpg")
    #expect(throws: VisualEncoderError.self) { try ImageList.read(folder("in")) }
  }

  @Test func csvManifests() throws {
    try folder.write(
      "\u{FEFF}color,id,path,category\r\nred,7,p/7.jpg,\"Hats, \"\"big\"\"\"\r\n\n,3,,\n,\"4\n5\",/abs.png,x",
      to: "m.csv")
    #expect(
      try ImageList.read(folder("m.csv")) == [
        ExtractionItem(id: "3", path: nil),
        ExtractionItem(id: "4\n5", path: "/abs.png", category: "x"),
        ExtractionItem(id: "7", path: folder("p/7.jpg"), category: "Hats, \"big\""),
      ])
  }

  @Test func jsonLinesManifests() throws {
    try folder.write(
      "{\"id\":\"b\",\"path\":\"b.jpg\",\"extra\":[1]}\n\n{\"id\":\"a\",\"category\":\"c\"}\n",
      to: "m.jsonl")
    #expect(
      try ImageList.read(folder("m.jsonl")) == [
        ExtractionItem(id: "a", path: nil, category: "c"),
        ExtractionItem(id: "b", path: folder("b.jpg")),
      ])
  }

  @Test(arguments: [
    ("m.csv", "id,category\n1,2", ":1: "),
    ("m.csv", "id,path\n1,2\n1,2,3", ":3: "),
    ("m.csv", "id,path\na,x\n\nb,y\na,z", ":5: item \"a\" was given in line 2"),
    ("m.csv", "id,path\n,x", ":2: the id is empty"),
    ("m.csv", "id,path\n\"a,x\n\n", ":2: a quoted field"),
    ("m.csv", "", ":1: "),
    ("m.jsonl", "{\"id\":\"a\"}\n{\"id\":4}", ":2: expected"),
    ("m.txt", "a", "give a folder"),
  ])
  func errorsNameTheLine(_ name: String, _ text: String, _ message: String) throws {
    try folder.write(text, to: name)
    let error = #expect(throws: VisualEncoderError.self) {
      try ImageList.read(folder(name))
    }
    #expect(error?.description.contains(message) == true, "\(error as Any)")
    #expect(throws: VisualEncoderError.self) { try ImageList.read(folder("missing")) }
  }
}
