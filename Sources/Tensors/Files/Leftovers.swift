import Foundation

/// What killed processes left of files and folders that were to appear at once.
package enum Leftovers {
  /// Removes the temporary siblings of a file or folder whose processes no longer run, and this
  /// process's own. Nothing may be writing to `path` in this process.
  package static func remove(of path: String) {
    let target = URL(fileURLWithPath: path).standardizedFileURL
    let parent = target.deletingLastPathComponent().path
    let files = FileManager.default
    for name in (try? files.contentsOfDirectory(atPath: parent)) ?? [] {
      guard let process = process(of: name, target.lastPathComponent),
        process == getpid() || (kill(process, 0) != 0 && errno == ESRCH)
      else { continue }
      try? files.removeItem(atPath: "\(parent)/\(name)")
    }
  }

  /// The temporary name of a file: `NAME.tmp-PROCESS-NUMBER`.
  static func file(_ path: String) -> String {
    "\(path).tmp-\(getpid())-\(UInt32.random(in: 0 ... .max))"
  }

  /// The temporary name of a folder: `.NAME.tmp-PROCESS`.
  static func folder(_ name: String) -> String { ".\(name).tmp-\(getpid())" }

  private static func process(of name: String, _ target: String) -> pid_t? {
    for prefix in ["\(target).tmp-", ".\(target).tmp-"] where name.hasPrefix(prefix) {
      return pid_t(name.dropFirst(prefix.count).prefix { $0 != "-" })
    }
    return nil
  }
}
