import Foundation
import Testing

/// The fault tools with small counts, so that they stay usable; run them by themselves for more.
@Suite struct FaultToolTests {
  private static let tools = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../tools/faults").standardized.path

  private static let hasPython =
    FileManager.default.isExecutableFile(atPath: "/usr/bin/env")
    && (try? run(["python3", "--version"]).status) == 0

  private static func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    var environment = ProcessInfo.processInfo.environment
    environment["VITRINE_BINARY"] = Command.path
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    process.environment = environment
    (process.standardOutput, process.standardError) = (pipe, pipe)
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }

  @Test(
    .enabled(if: hasPython, "needs python3"),
    arguments: [
      ["kill", "--kills", "2", "--limit", "40", "--crop", "32"],
      ["flips", "--flips", "12", "--truncations", "4"],
    ])
  func nothingIsLostOrWrong(_ arguments: [String]) throws {
    let run = try Self.run(["\(Self.tools)/\(arguments[0])"] + arguments.dropFirst())
    #expect(run.status == 0, "\(run.output)")
  }

  @Test(.enabled(if: getuid() == 0, "needs root, to mount a small file system"))
  func aFullDiskEndsCleanly() throws {
    let run = try Self.run(["\(Self.tools)/disk", "160"])
    #expect(run.status == 0, "\(run.output)")
  }
}
