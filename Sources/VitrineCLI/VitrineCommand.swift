import ArgumentParser
import Foundation

/// The command `vitrine`: parses, calls the library, prints.
@main
struct VitrineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vitrine",
    abstract: "Poster images in, a diversified slate out.",
    discussion: """
      The usual path: 'encoder import' makes an encoder, 'extract' fills a feature cache, 'train' \
      fits rankers and slate models, 'rank' and 'rerank' serve them as a pipe.

      Data goes to standard output, talk to standard error. Exit status: 0 done, 1 done with failed \
      items, 2 configuration, data or I/O, 64 usage, 70 internal, 130 or 143 interrupted.
      """,
    version: "0.1.0",
    subcommands: [
      PreprocessCommand.self, EncoderCommand.self, ExtractCommand.self, CacheCommand.self,
      DatasetCommand.self, ModelsCommand.self, TrainCommand.self, TuneCommand.self,
      InspectCommand.self,
      EvaluateCommand.self,
      DiagnoseCommand.self,
      RankCommand.self,
      RerankCommand.self,
    ])

  static func main() async {
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch let status as ExitStatus {
      Foundation.exit(status.code)
    } catch {
      if isForParser(error) { exit(withError: error) }
      Console.say("error: \(explanation(of: error))")
      Foundation.exit(ExitStatus.failed.code)
    }
  }

  /// Help, version and usage errors are the parser's to print; it exits with 0 or 64.
  private static func isForParser(_ error: any Error) -> Bool {
    error is CleanExit || error is ValidationError || error is ExitCode
      || exitCode(for: error) == .validationFailure || exitCode(for: error) == .success
  }

  private static func explanation(of error: any Error) -> String {
    // Foundation's errors say what happened only here; ours, in their own text.
    error is CocoaError ? error.localizedDescription : "\(error)"
  }
}
