public import ArgumentParser
import Foundation
public import Vitrine

extension FeatureExtraction.Storage: ExpressibleByArgument {}

struct ExtractCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "extract", abstract: "Turn images into cached feature vectors.",
    discussion: """
      INPUT is a folder (id = relative path without extension) or a CSV or JSON Lines manifest \
      id,path,category (path relative to the manifest). What the cache holds is not computed again, \
      so a stopped run resumes by itself. A bad image costs only its own item: it is listed in \
      ledger.jsonl in the cache, and the exit status is 1. Another encoder, preprocessing or \
      precision opens a new generation of the cache; vectors of two are never mixed.
      """)

  @Argument(help: "A folder of images, or a manifest.")
  var input: String

  @Option(help: "The encoder's folder.")
  var encoder: String

  @Option(help: "The cache's folder; made if it does not exist.")
  var cache: String

  @Option(help: "The arithmetic of the network; the encoder's own unless given.")
  var precision: EncoderConfiguration.Precision?

  @Option(help: "Threads; one a core unless given.")
  var workers: Int?

  @Option(help: "How a number is stored in a new cache.")
  var storage = FeatureExtraction.Storage.float16

  @Flag(help: "Accept what can be decoded of damaged images, and list them in the ledger.")
  var lenient = false

  @Option(help: "Draw what the network sees of up to 64 images into this PNG file first.")
  var sheet: String?

  @Flag(help: "Only say what would be done, and how long it would take.")
  var dryRun = false

  @Flag(help: "One JSON document.")
  var json = false

  func validate() throws {
    if let workers, workers < 1 { throw ValidationError("--workers \(workers) must be at least 1") }
  }

  func run() throws {
    var extraction = try FeatureExtraction(
      input: input, encoder: encoder, cache: cache, precision: precision, workers: workers,
      storage: storage)
    if let notice = extraction.notice { Console.say("note: \(notice)") }
    extraction.acceptsDamage = lenient
    if let sheet {
      let count = try EncoderPictures.sheet(encoder: encoder, input: input, to: sheet)
      Console.say("\(sheet): \(count) images as the network sees them")
    }
    if dryRun {
      let plan = try extraction.plan()
      return json ? try Console.print(json: plan) : plan.lines.forEach(Console.say)
    }
    let interrupt = Interrupt()
    var line = ProgressLine()
    let flag = interrupt.flag
    let summary = try withExtendedLifetime(interrupt) {
      try extraction.run(isCancelled: { flag.signal != nil }) { line.show($0) }
    }
    line.end()
    if json {
      try Console.print(json: summary)
    } else {
      Console.say(
        "\(cache): \(summary.items) items in \(summary.seconds.text(1)) s: \(summary.computed)"
          + " computed, \(summary.reused) reused, \(summary.withoutImage) without an image")
      for (reason, count) in summary.failures.sorted(by: { $0.key < $1.key }) {
        Console.say("  \(count) failed: \(reason)")
      }
      for (note, count) in summary.notes.sorted(by: { $0.key < $1.key }) {
        Console.say("  \(count) noted: \(note)")
      }
      if summary.unknownCategories > 0 {
        Console.say(
          "note: items of categories that the encoder does not know: \(summary.unknownCategories);"
            + " they share its row for unknown ones")
      }
    }
    if summary.wasCancelled {
      Console.say("stopped; what was computed is kept. To go on: \(Interrupt.commandLine)")
      throw ExitStatus.interrupted(flag.signal ?? SIGINT)
    }
    if !summary.failures.isEmpty {
      Console.say("the failed items are listed in \(summary.ledger)")
      throw ExitStatus.doneWithFailures
    }
  }
}

extension FeatureExtraction.Plan {
  /// What `--dry-run` says.
  fileprivate var lines: [String] {
    var lines = [
      "\(images) images of \(imageBytes) bytes, \(withoutImage) items without an image",
      "\(known) have a vector; those that changed will be computed again",
      "\(images - known) to compute in \(precision), \(vectorBytes) bytes of vectors at most"
        + (freeBytes.map { ", \($0) bytes free" } ?? ""),
    ]
    if let expectedSeconds {
      let rate = Double(images - known) / max(expectedSeconds, 1e-9)
      lines.append(
        "about \(expectedSeconds.text(1)) s with \(workers) workers, \(rate.text(1)) images/s,"
          + " tried with a few images")
    }
    return lines
  }
}
