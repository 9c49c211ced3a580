import Foundation
import RankingData
import Testing

private func coded<Value: Codable>(_ value: Value) throws -> Value {
  try JSONDecoder().decode(Value.self, from: JSONEncoder().encode(value))
}

@Suite struct FittedFieldTests {
  @Test func hashesAreTheSameForever() {
    // The published vectors of FNV-1a.
    #expect(StableHash.fnv1a("".utf8) == 0xcbf2_9ce4_8422_2325)
    #expect(StableHash.fnv1a("a".utf8) == 0xaf63_dc4c_8601_ec8c)
    #expect(StableHash.fnv1a("foobar".utf8) == 0x8594_4171_f739_67e8)
    // That of MurmurHash3's finalizer.
    #expect(StableHash.mixed(0) == 0 && StableHash.mixed(1) == 0xb456_bcfc_34c2_cb2c)
  }

  @Test func hashedIdsSpreadAndKeepTheirRows() throws {
    let vocabulary = Vocabulary(hashRows: 64)
    #expect(vocabulary.count == 65 && vocabulary.row(of: "") == 0)
    var counts = [Int](repeating: 0, count: 65)
    for id in 0..<64_000 { counts[Int(vocabulary.row(of: "id\(id)"))] += 1 }
    #expect(counts[0] == 0)
    // Five standard deviations of a binomial count around 1000.
    #expect(counts[1...].allSatisfy { abs($0 - 1000) < 160 })
    #expect(try coded(vocabulary) == vocabulary)
    #expect(
      String(decoding: try JSONEncoder().encode(vocabulary), as: UTF8.self) == #"{"hash":64}"#)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(Vocabulary.self, from: Data(#"{"hash":0}"#.utf8))
    }
  }

  @Test func bucketsHoldEqualNumbers() throws {
    let values = (0..<1000).map { Double($0 * $0) } + [.nan]
    let buckets = Buckets(name: "x", rule: .equalMass(10), values: values)
    #expect(buckets.count == 11 && buckets.edges == buckets.edges.sorted())
    var counts = [Int](repeating: 0, count: 11)
    for value in values { counts[Int(buckets.row(of: value))] += 1 }
    #expect(counts == [1] + [Int](repeating: 100, count: 10))
    #expect(buckets.row(of: -.infinity) == 1 && buckets.row(of: 1e300) == 10)
    #expect(try coded(buckets) == buckets)
    let given = Buckets(name: "x", rule: .edges([18, 25, 40]), values: [])
    #expect([17.9, 18, 24.9, 25, 39, 40, .nan].map(given.row) == [1, 2, 2, 3, 3, 4, 0])
    // Half of all values are equal: fewer buckets, none empty.
    let ties = [Double](repeating: 3, count: 50) + (0..<50).map { Double($0 + 10) }
    let tied = Buckets(name: "x", rule: .equalMass(10), values: ties)
    #expect(Set(ties.map(tied.row)).count == tied.count - 1 && tied.count == 7)
    #expect(Buckets(name: "x", rule: .equalMass(4), values: [.nan]).count == 2)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(Buckets.self, from: Data(#"{"name":"x","edges":[2,1]}"#.utf8))
    }
  }

  @Test func quantilesAreSharesOfTheTrainingValues() throws {
    var noise = Noise()
    let values = (0..<20_000).map { _ in
      let x = Double.random(in: 0..<1, using: &noise)
      return exp(5 * x)
    }
    let quantiles = Quantiles(values)
    #expect(quantiles.values.count == 1000)
    for share in stride(from: 0.0, through: 1, by: 0.01) {
      #expect(abs(quantiles.share(of: exp(5 * share)) - share) < 0.02)
    }
    #expect(quantiles.share(of: -1) == 0 && quantiles.share(of: 1e9) == 1)
    // Against the definition, where a number lies between two quantiles and on one.
    for number in values[..<50] + quantiles.values[400..<450] {
      let next = quantiles.values.firstIndex { $0 > number } ?? 999
      let (low, high) = (quantiles.values[next - 1], quantiles.values[next])
      let (from, to) = (quantiles.shares[next - 1], quantiles.shares[next])
      let expected = from + (number - low) / (high - low) * (to - from)
      #expect(abs(quantiles.share(of: number) - expected) < 1e-12)
    }
    #expect(quantiles.share(of: .nan).isNaN)
    // A value that half of the rows have lies in their middle.
    let ties = Quantiles([0, 0, 0, 0, 0, 1, 2, 3, 4, 5])
    #expect(ties.share(of: 0) == 2.0 / 9 && ties.share(of: 5) == 1)
    #expect(abs(ties.share(of: 1.5) - 5.5 / 9) < 1e-12)
    #expect(Quantiles([]).share(of: 3) == 0.5 && Quantiles([7]).share(of: 9) == 0.5)
    #expect(try coded(quantiles) == quantiles)
  }

  @Test func powersBendTheQuantile() throws {
    let schema = RankingSchema(
      numeric: [.init(name: "n", transform: .quantile, powers: [1, 2, 0.5])])
    let csv =
      "request,user,item,timestamp,click,n\n"
      + (0...100).map { "r\($0),u,i,1,0,\($0)" }.joined(separator: "\n") + "\nr,u,i,1,0,\n"
    let log = try ImpressionLog(Table(csv: csv), catalogue: nil, schema: schema)
    let transform = try FeatureTransform.fit(log, schema: schema)
    #expect(transform.layout.numeric == ["n", "n^2", "n^0.5", "n is missing"])
    let batch = try CompiledLog(log, transform: transform).batch([25, 101])
    #expect(batch.numeric[..<4] == [0.25, 0.0625, 0.5, 0])
    #expect(abs(batch.numeric[4] - 0.5) < 1e-6 && batch.numeric[7] == 1)
  }

  @Test func partsOfACrossAreNotConfused() {
    let cross = CrossTransform(
      fields: ["a", "b"], vocabulary: Vocabulary(ids: ["x\u{1F}yz", "xy\u{1F}z"]))
    #expect(cross.row(of: ["x", "yz"]) == 1 && cross.row(of: ["xy", "z"]) == 2)
    #expect(cross.row(of: ["x", "z"]) == 0 && cross.row(of: ["x", ""]) == 0)
    #expect(cross.name == "a × b")
    let hashed = CrossTransform(
      fields: ["a", "b"], vocabulary: Vocabulary(hashRows: 1_000_000))
    #expect(hashed.row(of: ["x", "yz"]) != hashed.row(of: ["xy", "z"]))
    #expect(hashed.row(of: ["x", "y"]) != hashed.row(of: ["y", "x"]))
    #expect(hashed.row(of: ["", "y"]) == 0 && hashed.row(of: ["x", "y"]) > 0)
  }

  @Test func anOlderTransformIsRefusedByItsVersion() {
    let old = Data(#"{"schema":{},"categorical":[],"bags":[],"numeric":[]}"#.utf8)
    #expect {
      try JSONDecoder().decode(FeatureTransform.self, from: old)
    } throws: { error in "\(error)".contains("train the model again") }
  }
}
