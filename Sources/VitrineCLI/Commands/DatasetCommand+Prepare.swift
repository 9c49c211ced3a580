import ArgumentParser
import Vitrine

extension DatasetCommand {
  struct Prepare: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Read the files of a configuration once, into columns that training maps.",
      discussion: """
        The folder holds the columns that the schema names, the catalogue, and what they were made \
        from. Training, evaluation and all else that reads the configuration takes the folder with \
        data: {prepared: FOLDER} or --prepared FOLDER. Where nothing has changed, nothing is done.
        """)
    @Argument(help: "A ranker's training configuration (YAML).") var configuration: String
    @Option(help: "The folder to write.") var output: String
    @Flag(help: "One JSON document.") var json = false
    @OptionGroup var options: DataOptions

    func run() throws {
      let preparation = try DatasetPreparation(try options.read(configuration))
      var line = ReadingLine()
      let report = try preparation.run(output: output) { line.show($0) }
      line.end()
      if json { return try Console.print(json: report) }
      if report.isUnchanged {
        Console.say("\(output) is up to date: its files have not changed")
      }
      Console.print(report.text)
    }
  }

  struct Describe: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Propose a training configuration for a file of rows.",
      discussion: """
        Guesses the label, who was shown what and when, which columns are ids, numbers or lists, and \
        how numbers are scaled; leaves out what says the label by itself. The proposal can be trained \
        as it stands: vitrine dataset describe log.csv > train.yaml
        """)
    @Argument(help: "The log: CSV, TSV, JSON Lines, SVMlight or LETOR, gzipped or not.")
    var file: String
    @Option(help: "Item features (CSV).") var catalogue: String?
    @Option(help: "The column of the label.") var label: String?
    @Option(help: "Rows to look at.") var rows = 50_000

    func validate() throws {
      guard rows > 0 else { throw ValidationError("--rows must be positive.") }
    }

    func run() throws {
      Console.print(
        try DatasetDescription.configuration(
          for: file, catalogue: catalogue, label: label, rows: rows))
    }
  }

  struct Split: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show the parts of a log, or write which rows are in which.")
    @Argument(help: "A ranker's training configuration (YAML).") var configuration: String
    @Option(help: "A folder for train.csv, validation.csv and test.csv.") var output: String?
    @Flag(help: "One JSON document.") var json = false
    @OptionGroup var options: DataOptions

    func run() throws {
      let parts = try DatasetParts(try options.read(configuration))
      let summaries = parts.summaries
      if let output { try parts.write(to: output) }
      if json { return try Console.print(json: summaries) }
      var table = TextTable([
        "part", "rows", "requests", "users", "items", "positive", "from", "to",
      ])
      for part in summaries {
        table.add([
          part.part, "\(part.rows)", "\(part.requests)", part.users.map(String.init) ?? "-",
          part.items.map(String.init) ?? "-", part.positiveShare.text(),
          part.from?.time ?? "-", part.to?.time ?? "-",
        ])
      }
      Console.print(table.text)
    }
  }
}
