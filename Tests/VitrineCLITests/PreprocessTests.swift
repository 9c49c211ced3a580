import FileSupport
import Foundation
import Testing

@Suite struct PreprocessTests {
  @Test(arguments: [
    ("resized", "'|u1'", "(341, 256, 3)"), ("cropped", "'|u1'", "(224, 224, 3)"),
    ("normalized", "'<f4'", "(3, 224, 224)"),
  ])
  func writesWhatNumPyReads(_ stage: String, _ type: String, _ shape: String) throws {
    let folder = try TemporaryFolder()
    let run = try Command(
      "preprocess", Photos.path("hat-001"), "--stage", stage, "--output", folder("x.npy"))
    #expect(run.status == 0 && run.output.isEmpty, "\(run.errors)")
    let data = try Data(contentsOf: URL(fileURLWithPath: folder("x.npy")))
    let header = String(decoding: data.prefix(128), as: UTF8.self)
    #expect(header.contains("NUMPY") && header.contains(type), "\(header)")
    if stage != "resized" { #expect(header.contains(shape), "\(header)") }
  }

  @Test func aBadImageAmongSeveralCostsOnlyItself() throws {
    let folder = try TemporaryFolder()
    try folder.write("text", to: "bad.jpg")
    let images = [Photos.path("hat-001"), "bad.jpg", Photos.path("hat-002")]
    let arguments = ["preprocess"] + images + ["--stage", "cropped", "--output", "out"]
    let run = try Command(arguments, in: folder.path)
    #expect(run.status == 1 && run.output.isEmpty)
    #expect(run.errors.contains("bad.jpg: unsupported-format"), "\(run.errors)")
    #expect(run.errors.contains("2 written, 1 failed"))
    #expect(try names(in: folder("out")) == ["hat-001.npy", "hat-002.npy"])
    let json = try Command(arguments + ["--json"], in: folder.path)
    #expect(json.status == 1)
    let summary = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: [[String: Any]]])
    #expect(summary["written"]?.compactMap { $0["image"] as? String } == [images[0], images[2]])
    #expect(summary["failed"]?.compactMap { $0["reason"] as? String } == ["unsupported-format"])

    let file = try Command(
      ["preprocess"] + images + ["--stage", "cropped", "--output", "bad.jpg"], in: folder.path)
    #expect(file.status == 2 && file.errors.contains("a file of that name"), "\(file.errors)")
    // A pattern of the shell may happen to match one image only.
    let one = try Command(
      "preprocess", images[0], "--stage", "resized", "--output", "out", in: folder.path)
    #expect(one.status == 0, "\(one.errors)")
    let slash = try Command(
      "preprocess", images[0], "--stage", "resized", "--output", "new/", in: folder.path)
    #expect(slash.status == 0, "\(slash.errors)")
    #expect(try names(in: folder("new")) == ["hat-001.npy"])
  }

  @Test func damageIsRefusedOrAcceptedAndSaid() throws {
    let folder = try TemporaryFolder()
    let photo = try Data(contentsOf: URL(fileURLWithPath: Photos.path("hat-001")))
    try folder.write(photo.prefix(photo.count / 2), to: "cut.jpg")
    let arguments = ["preprocess", "cut.jpg", "--stage", "cropped", "--output", "x.npy"]
    let refused = try Command(arguments, in: folder.path)
    #expect(refused.status == 2 && refused.errors.contains("truncated"), "\(refused.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder("x.npy")))
    let accepted = try Command(arguments + ["--lenient"], in: folder.path)
    #expect(accepted.status == 0 && accepted.errors.contains("damage-accepted"))
  }
}
