import FileSupport
import Foundation
import Testing

/// A simulated log and a configuration beside it.
private func simulated(_ folder: TemporaryFolder) throws {
  #expect(
    try Command(
      "dataset", "simulate", Photos.catalogue, "--output", folder("data"), "--sessions", "300",
      "--users", "40"
    ).status == 0)
  try FileManager.default.copyItem(atPath: Photos.catalogue, toPath: folder("items.csv"))
  try folder.write(
    """
    model: {kind: deepfm, width: 4, hidden: [8]}
    data: {impressions: data/impressions.csv, catalogue: items.csv, split: {validation: 0.2, test: 0.2}}
    schema: {categorical: [user, item, category], multi_valued: [history], numeric: [price]}
    training: {epochs: 2}
    """, to: "train.yaml")
}

@Suite struct DatasetTests {
  @Test func preparedColumnsTrainToTheSameModel() throws {
    let folder = try TemporaryFolder()
    try simulated(folder)
    let first = try Command(
      "dataset", "prepare", "train.yaml", "--output", "ready", "--json", in: folder.path)
    #expect(first.status == 0, "\(first.errors)")
    struct Report: Decodable {
      var rows: Int
      var isUnchanged: Bool
      var balance: [Balance]
      struct Balance: Decodable { var field: String }
    }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let report = try decoder.decode(Report.self, from: Data(first.output.utf8))
    #expect(report.rows > 1000 && !report.isUnchanged)
    #expect(report.balance.map(\.field) == ["item", "user"])
    let again = try Command(
      "dataset", "prepare", "train.yaml", "--output", "ready", in: folder.path)
    #expect(again.status == 0 && again.errors.contains("up to date"), "\(again.errors)")
    #expect(
      again.output.contains("\(report.rows) rows") && again.output.contains("history") == false)

    let plain = try Command("train", "train.yaml", "--output", "a", in: folder.path)
    let mapped = try Command(
      "train", "train.yaml", "--prepared", "ready", "--output", "b", in: folder.path)
    #expect(plain.status == 0 && mapped.status == 0, "\(plain.errors)\(mapped.errors)")
    for name in ["transform.json", "weights.safetensors"] {
      #expect(
        FileManager.default.contentsEqual(
          atPath: folder("a/\(name)"), andPath: folder("b/\(name)")), "\(name)")
    }
    // A changed file is seen.
    let log = try String(contentsOfFile: folder("data/impressions.csv"), encoding: .utf8)
    try folder.write(log + log.split(separator: "\n")[1], to: "data/impressions.csv")
    let changed = try Command(
      "dataset", "prepare", "train.yaml", "--output", "ready", in: folder.path)
    #expect(changed.status == 0 && changed.output.contains("\(report.rows + 1) rows"))
  }

  @Test func damageAndStrangersAreNamed() throws {
    let folder = try TemporaryFolder()
    try simulated(folder)
    try folder.write("dear diary", to: "mine/diary.txt")
    let stranger = try Command(
      "dataset", "prepare", "train.yaml", "--output", "mine", in: folder.path)
    #expect(stranger.status == 2 && stranger.errors.contains("no prepared data set"))
    #expect(try String(contentsOfFile: folder("mine/diary.txt"), encoding: .utf8) == "dear diary")

    #expect(
      try Command("dataset", "prepare", "train.yaml", "--output", "ready", in: folder.path).status
        == 0)
    let path = folder("ready/log/column1.codes")
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    try bytes.dropLast().write(to: URL(fileURLWithPath: path))
    let damaged = try Command(
      "train", "train.yaml", "--prepared", "ready", "--output", "m", in: folder.path)
    #expect(damaged.status == 2 && damaged.errors.contains("column1.codes"), "\(damaged.errors)")
    let repaired = try Command(
      "dataset", "prepare", "train.yaml", "--output", "ready", in: folder.path)
    #expect(repaired.status == 0 && !repaired.errors.contains("up to date"))
    let bad = try Command(
      "dataset", "prepare", "train.yaml", "--impressions", "mine/diary.txt", "--output", "ready",
      in: folder.path)
    #expect(bad.status == 2)
    // What was there stays.
    #expect(
      try Command("dataset", "prepare", "train.yaml", "--output", "ready", in: folder.path)
        .errors.contains("up to date"))
  }

  @Test func aProposalTrainsAsItStands() throws {
    let folder = try TemporaryFolder()
    try simulated(folder)
    let proposal = try Command(
      "dataset", "describe", folder("data/impressions.csv"), "--catalogue", folder("items.csv"))
    #expect(proposal.status == 0, "\(proposal.errors)")
    for line in [
      "user: user", "item: item", "timestamp: timestamp", "label: click", "name: price",
      "- history",
    ] {
      #expect(proposal.output.contains(line), "\(line) in\n\(proposal.output)")
    }
    try folder.write(proposal.output, to: "proposed.yaml")
    let training = try Command("train", "proposed.yaml", "--output", "m", in: folder.path)
    #expect(training.status == 0, "\(training.errors)")
    let split = try Command(
      "dataset", "split", "proposed.yaml", "--output", "parts", in: folder.path)
    #expect(split.status == 0 && split.output.contains("validation"), "\(split.errors)")
    let rows = try ["train", "validation", "test"].map { part in
      try String(contentsOfFile: folder("parts/\(part).csv"), encoding: .utf8)
        .split(separator: "\n").dropFirst().compactMap { Int($0.prefix { $0 != "," }) }
    }
    #expect(rows.flatMap { $0 }.sorted() == Array(1...rows.flatMap { $0 }.count))
  }
}
