import Foundation
import RankingData
import Testing

@Suite struct DescriptionTests {
  @Test func summaries() throws {
    let table = try Table(
      DelimitedReader(bytes: Array("a,x\nu,1\nv,\nu,4\n,2.5\nw,-1\n".utf8)),
      selection: ColumnSelection(["a": [.text], "x": [.number]]))
    let (a, x) = (table.summaries(top: 2)[0], table.summaries()[1])
    #expect(a.missing == 1 && a.distinct == 3 && a.kinds == [.text])
    #expect(a.top.map(\.value) == ["u", "v"] && a.top.map(\.count) == [2, 1])
    #expect(x.missing == 1 && x.minimum == -1 && x.maximum == 4 && x.mean == 1.625)
    #expect(x.distinct == nil && x.kinds == [.number] && x.top.isEmpty)
  }

  @Test func idsOfOneLabelAreCounted() {
    let codes: [Int32] = (0..<60).map { $0 < 25 ? 0 : $0 < 50 ? 1 : $0 < 55 ? 2 : 3 }
    let labels: [Float] = (0..<60).map { $0 < 25 ? Float($0 % 2) : $0 < 50 ? 1 : 0 }
    let balance = LabelBalance(
      Table.TextColumn(
        name: "item", codes: Column(codes), values: TextValues(["a", "b", "c", "d", "never"])),
      labels: Column(labels))
    #expect(balance.ids == 4 && balance.onlyPositive == 1 && balance.onlyNegative == 2)
    #expect(balance.rare == 2 && balance.rareRows == 10)
  }

  /// What a proposal says of columns of every kind, and that a schema can be read from it.
  @Test func proposesASchema() throws {
    var noise = Noise()
    var csv =
      "userId,movie_id,ts,genre1,genre2,seen1,seen2,price,age,tags,note,city,same,clicked,answer,position\n"
    for row in 0..<4000 {
      let label = Int.random(in: 0..<4, using: &noise) == 0 ? 1 : 0
      let genres = ["Drama", "Crime", "War", "Film"].shuffled(using: &noise)
      let seen = (0..<2).map { _ in Int.random(in: 1...90, using: &noise) }
      let price = 1 / Double.random(in: 0.001...1, using: &noise)
      csv +=
        "u\(row % 300),\(Int.random(in: 1...90, using: &noise)),\(1_500_000_000 + row),"
        + "\(genres[0]),\(genres[1]),\(seen[0]),\(row % 3 == 0 ? "" : "\(seen[1])"),\(price),"
        + "\(Int.random(in: 18...80, using: &noise)),t\(row % 5)|t\(row % 7),text \(row),"
        + "c\(Int.random(in: 0..<40, using: &noise)),x,\(label),\(label == 1 ? "yes" : "no"),\(row % 9)\n"
    }
    let proposal = try SchemaProposal(Table(csv: csv))
    let text = proposal.yamlText
    #expect(proposal.split.contains("time") && !proposal.isGraded)
    for line in [
      "label: clicked", "request: none", "user: userId", "item: movie_id", "timestamp: ts",
      "- {name: genre, columns: [genre1, genre2]}", "- {name: seen, columns: [seen1, seen2]}",
      "- {name: price, transform: log}", "- age", "- tags", "- city", "#   note: nearly every row",
      "#   same: all rows have the same value", "#   answer: says the label by itself",
      "#   position: nobody knows",
    ] { #expect(text.contains(line), "\(line) in\n\(text)") }
    let root = try ConfigurationNode(yaml: text)
    let schema = try RankingSchema(#require(root.members(["schema"])["schema"]))
    #expect(schema.categorical.map(\.name) == ["userId", "movie_id", "city"])
    let log = try ImpressionLog(Table(csv: csv), catalogue: nil, schema: schema)
    _ = try FeatureTransform.fit(log, schema: schema)
  }

  @Test func seesHowAFileIsWritten() throws {
    try withFolder { folder in
      let path = try folder.file(
        "c.data",
        (0..<50).map { "\($0 % 7), w\($0 % 3), ?, \($0 % 2 == 0 ? "no" : "yes.")\n" }.joined())
      let proposal = try FileProposal(path: path, rows: 1000)
      #expect(proposal.files.header == ["c1", "c2", "c3", "c4"] && proposal.files.rules.trim)
      #expect(proposal.files.rules.missing == ["?"] && proposal.format == .csv)
      let schema = try SchemaProposal(proposal.sample)
      #expect(schema.yamlText.contains("label: {name: c4, positive: "))
      #expect(schema.split.contains("random"))
      #expect(
        failure { _ = try SchemaProposal(proposal.sample, label: "c9") }?.code == .missingColumn)
      let letor = try folder.file("q.txt", "2 qid:1 1:0.5 2:1 # docid = a\n0 qid:1 2:1\n")
      let sparse = try FileProposal(path: letor, rows: 10)
      let text = try SchemaProposal(sparse.sample).yamlText
      #expect(text.contains("request: qid") && text.contains("item: docid") == false)
      #expect(text.contains("{name: \"f*\"}") && text.contains("label: label"))
      #expect(
        sparse.yamlText(path: "q.txt", catalogue: nil, split: "{by: random}").contains("svmlight"))
    }
  }
}
