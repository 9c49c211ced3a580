import Foundation

/// The most memory that a piece of work holds at a time. Linux keeps a high-water mark that can be
/// lowered to what is held now; the numbers are those of the process, so it must do nothing else.
enum PeakMemory {
  /// Bytes by which the resident memory of this process grew at most.
  static func growth(of work: () -> Void) throws -> Int {
    try Data("5".utf8).write(to: URL(filePath: "/proc/self/clear_refs"))
    let before = try field("VmRSS")
    work()
    return max(try field("VmHWM") - before, 0)
  }

  private static func field(_ name: String) throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix(name + ":") }
    let digits = (line ?? "").filter(\.isNumber)
    guard let kilobytes = Int(digits) else { throw CocoaError(.fileReadCorruptFile) }
    return kilobytes << 10
  }
}
