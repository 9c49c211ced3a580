import FileSupport
import Foundation

/// One run of the built `vitrine`.
struct Command {
  let status: Int32
  let output: String
  let errors: String

  /// The binary that the tests were built with.
  static let path = URL(fileURLWithPath: ProcessInfo.processInfo.arguments[0])
    .resolvingSymlinksInPath().deletingLastPathComponent().appendingPathComponent("vitrine").path

  /// Runs a command to its end.
  init(_ arguments: String..., input: String = "", in folder: String? = nil) throws {
    try self.init(arguments, input: input, in: folder)
  }

  init(_ arguments: [String], input: String = "", in folder: String? = nil) throws {
    let running = try RunningCommand(arguments, input: input, in: folder)
    self = running.finish()
  }

  fileprivate init(status: Int32, output: String, errors: String) {
    (self.status, self.output, self.errors) = (status, output, errors)
  }

  /// The lines of the output.
  var lines: [Substring] { output.split(separator: "\n") }
}

/// A run that has not ended. Its streams are files, so no pipe can fill up and stall it.
final class RunningCommand {
  private let process = Process()
  private let folder: TemporaryFolder

  init(_ arguments: [String], input: String = "", in working: String? = nil) throws {
    folder = try TemporaryFolder()
    try folder.write(input, to: "in")
    try folder.write("", to: "out")
    try folder.write("", to: "err")
    process.executableURL = URL(fileURLWithPath: Command.path)
    process.arguments = arguments
    if let working { process.currentDirectoryURL = URL(fileURLWithPath: working) }
    process.standardInput = FileHandle(forReadingAtPath: folder("in"))
    process.standardOutput = FileHandle(forWritingAtPath: folder("out"))
    process.standardError = FileHandle(forWritingAtPath: folder("err"))
    try process.run()
  }

  /// Sends a signal.
  func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// What stands on standard error so far.
  var errors: String { text("err") }

  /// Waits until something is so, or gives up after a minute.
  func wait(until condition: () -> Bool) -> Bool {
    for _ in 0..<6000 {
      if condition() { return true }
      if !process.isRunning { return condition() }
      Thread.sleep(forTimeInterval: 0.01)
    }
    return false
  }

  /// Waits for the end. A process that a signal ended has that signal's number plus 128.
  func finish() -> Command {
    process.waitUntilExit()
    let status = process.terminationStatus
    return Command(
      status: process.terminationReason == .uncaughtSignal ? 128 + status : status,
      output: text("out"), errors: text("err"))
  }

  private func text(_ name: String) -> String {
    (try? String(contentsOfFile: folder(name), encoding: .utf8)) ?? ""
  }
}
