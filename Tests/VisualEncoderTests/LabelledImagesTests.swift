import FileSupport
import Images
import Testing
import VisualEncoder

@Suite("Pictures with classes")
struct LabelledImagesTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func failure(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "nothing was thrown"
    } catch { return "\(error)" }
  }

  @Test func subfoldersAreTheClasses() throws {
    for name in ["hat/a.jpg", "hat/deep/b.png", "shoe/a.jpeg"] {
      try folder.write(name, to: "set/\(name)")
    }
    let images = try LabelledImages.read(folder("set"))
    #expect(images.classes == ["hat", "shoe"])
    #expect(images.images.map(\.id) == ["hat/a", "hat/deep/b", "shoe/a"])
    #expect(images.images.map(\.labels) == [[0], [0], [1]])
    #expect(!images.isMultiLabel && images.classCounts == [2, 1])
  }

  @Test func manifestsMayNameSeveralClassesAndACategory() throws {
    let csv = try folder.write(
      "id,path,label,category\nx,x.jpg,red|hat,Hats\ny,y.jpg, blue ,\n", to: "in.csv")
    let images = try LabelledImages.read(csv)
    #expect(images.isMultiLabel && images.classes == ["blue", "hat", "red"])
    #expect(images.images[0].labels == [1, 2] && images.images[0].category == "Hats")
    #expect(images.images[1].category == nil && images.images[1].path == folder("y.jpg"))
    let lines = try folder.write(
      """
      {"id":"x","path":"x.jpg","label":"red"}
      {"id":"y","path":"y.jpg","label":"hat"}

      """, to: "in.jsonl")
    #expect(try images.readOthers(lines).images.map(\.labels) == [[2], [1]])
    #expect(try LabelledImages.read(lines).classes == ["hat", "red"])
  }

  @Test func whatIsWrongIsNamed() throws {
    let header = "id,path,label\n"
    let cases: [(name: String, text: String, parts: [String])] = [
      ("none.csv", "id,path\na,a.jpg\n", ["none.csv:2", "\"a\"", "label"]),
      ("empty.csv", header + "a,a.jpg,x\nb,b.jpg,\n", ["empty.csv:3", "\"b\"", "empty"]),
      ("twice.csv", header + "a,a.jpg,x|x\n", ["twice.csv:2", "twice"]),
      ("path.csv", header + "a,,x\n", ["path.csv:2", "no picture"]),
      ("ids.csv", header + "a,a.jpg,x\na,b.jpg,y\n", ["ids.csv:3", "line 2"]),
      ("one.csv", header + "a,a.jpg,x\nb,b.jpg,x\n", ["one.csv", "only the class \"x\""]),
      ("nothing.csv", header, ["not one picture"]),
    ]
    for test in cases {
      let path = try folder.write(test.text, to: test.name)
      let text = failure { _ = try LabelledImages.read(path) }
      for part in test.parts { #expect(text.contains(part), "\(test.name): \(text)") }
    }
    try folder.write("x", to: "loose/a.jpg")
    #expect(failure { _ = try LabelledImages.read(folder("loose")) }.contains("in no class"))
    try folder.write("x", to: "hollow/a/a.jpg")
    try folder.write("x", to: "hollow/b/notes.txt")
    let hollow = failure { _ = try LabelledImages.read(folder("hollow")) }
    #expect(hollow.contains("hollow/b") && hollow.contains("no picture"), "\(hollow)")
    #expect(failure { _ = try LabelledImages.read(folder("absent")) }.contains("no such file"))
  }

  @Test func othersMayOnlyHaveTheClassesThatAreTrained() throws {
    let header = "id,path,label\n"
    let train = try LabelledImages.read(
      folder.write(header + "a,a.jpg,x\nb,b.jpg,y\n", to: "train.csv"))
    let unknown = try folder.write(header + "a,a.jpg,z\n", to: "unknown.csv")
    let text = failure { _ = try train.readOthers(unknown) }
    #expect(text.contains("unknown.csv:2") && text.contains("\"z\"") && text.contains("x, y"))
    let several = try folder.write(header + "a,a.jpg,x|y\n", to: "several.csv")
    #expect(failure { _ = try train.readOthers(several) }.contains("several classes"))
  }

  private func set(_ counts: [Int]) -> LabelledImages {
    let images = counts.enumerated().flatMap { label, count in
      (0..<count).map { LabelledImage(id: "\(label)/\($0)", path: "", labels: [label]) }
    }
    return LabelledImages(classes: counts.indices.map { "c\($0)" }, images: images)
  }

  @Test func aShareOfEveryClassIsHeldBack() throws {
    let all = set([50, 20, 3])
    let digests = all.images.map { Optional($0.id) }
    let split = try LabelledSplit(all, share: 0.2, digests: digests, seed: 1, path: "p")
    #expect(split.validation.classCounts == [10, 4, 1])
    #expect(split.train.classCounts == [40, 16, 2])
    // By the bytes, not by the order: a set that grew keeps most of its parts.
    let again = try LabelledSplit(all, share: 0.2, digests: digests, seed: 1, path: "p")
    #expect(again.validation == split.validation)
    let other = try LabelledSplit(all, share: 0.2, digests: digests, seed: 2, path: "p")
    #expect(other.validation != split.validation)
    let few = failure {
      _ = try LabelledSplit(
        set([5, 1]), share: 0.2, digests: (0..<6).map { "\($0)" }, seed: 1, path: "p")
    }
    #expect(few.contains("\"c1\""), "\(few)")
  }

  @Test func duplicatesNeverStraddle() throws {
    let all = set([30, 30])
    // Every third picture has the bytes of its neighbour, also across the classes.
    let digests = all.images.indices.map { Optional("\($0 - ($0 % 3 == 1 ? 1 : 0))") }
    for seed in 0..<20 {
      let split = try LabelledSplit(
        all, share: 0.3, digests: digests, seed: UInt64(seed), path: "p")
      let held = Set(split.validation.images.map(\.id))
      let digest = Dictionary(uniqueKeysWithValues: zip(all.images.map(\.id), digests))
      let bytes = Set(held.map { digest[$0] })
      for image in split.train.images { #expect(!bytes.contains(digest[image.id])) }
    }
    let parted = LabelledSplit(
      train: all, digests: digests, validation: set([1, 1]), held: ["0", "5"])
    #expect(parted.duplicates == ["0/0", "0/1", "0/5"])
    #expect(parted.train.images.count == 57)
  }
}
