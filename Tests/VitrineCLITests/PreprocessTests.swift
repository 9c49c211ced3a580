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
}
