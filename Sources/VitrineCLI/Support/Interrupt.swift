import Dispatch
import Foundation
import Synchronization

/// Turns Ctrl-C (and a polite kill) into a request to stop after the work in hand. A second one
/// ends the process at once.
struct Interrupt {
  /// Raised by a signal.
  final class Flag: Sendable {
    private let number = Mutex<Int32?>(nil)

    /// The signal that asked to stop, or nil.
    var signal: Int32? { number.withLock { $0 } }

    /// - Returns: whether it was raised before.
    fileprivate func raise(_ signal: Int32) -> Bool {
      number.withLock { number in
        defer { number = number ?? signal }
        return number != nil
      }
    }
  }

  let flag = Flag()
  private let sources: [any DispatchSourceSignal]

  /// The command that started this process, as a shell takes it.
  static var commandLine: String {
    CommandLine.arguments.map { argument in
      argument.isEmpty || argument.contains(where: { " \t\n\"'$*?\\&|;<>()#!`".contains($0) })
        ? "'" + argument.replacingOccurrences(of: "'", with: "'\\''") + "'" : argument
    }.joined(separator: " ")
  }

  /// - Parameter first: called at the first signal, on a thread of its own.
  init(_ first: @escaping @Sendable () -> Void = {}) {
    let queue = DispatchQueue(label: "interrupt")
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      return DispatchSource.makeSignalSource(signal: number, queue: queue)
    }
    for (source, number) in zip(sources, [SIGINT, SIGTERM]) {
      source.setEventHandler { [flag] in
        if flag.raise(number) { _exit(128 + number) }
        Console.say("\nstopping after the work in hand; once more to stop at once")
        first()
      }
      source.resume()
    }
  }
}

extension Interrupt {
  /// Says what a training that was stopped has kept and how to go on, and gives what to exit with.
  ///
  /// - Parameter resumed: whether the command line already asks to go on.
  func stopped(keeping checkpoint: String, resumed: Bool) -> any Error {
    Console.say(
      FileManager.default.fileExists(atPath: checkpoint)
        ? "stopped; the finished epochs are kept. To go on: \(Self.commandLine)"
          + (resumed ? "" : " --resume")
        : "stopped before the end of the first epoch: nothing was kept")
    return ExitStatus.interrupted(flag.signal ?? SIGINT)
  }
}
