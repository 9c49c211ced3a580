import Foundation
import RankingData
import Testing

@Suite struct LetterTrigramTests {
  @Test func wordsAreCutBetweenMarks() {
    #expect(Array(LetterTrigrams("good")) == ["#go", "goo", "ood", "od#"])
    #expect(
      Array(LetterTrigrams("A  Über-b2!")) == ["#a#", "#üb", "übe", "ber", "er#", "#b2", "b2#"])
    #expect(Array(LetterTrigrams(" ,. ")).isEmpty && Array(LetterTrigrams("")).isEmpty)
    #expect(Array(LetterTrigrams("aaaa")) == ["#aa", "aaa", "aaa", "aa#"], "counts count")
  }

  @Test func aFieldOfTextKeepsItsFirstTrigrams() {
    let field = MultiValuedField(name: "title", trigrams: true, limit: 5)
    #expect(field.split("Good day") == ["#go", "goo", "ood", "od#", "#da"])
    #expect(field.ids(["go", "on"]) == ["#go", "go#", "#on", "on#"])
    #expect(MultiValuedField(name: "title").split("Good day") == ["Good day"])
  }

  @Test func configurationsAskForThem() throws {
    let yaml = """
      label: click
      multi_valued: [{name: title, trigrams: true, hash: 1000, limit: 100}]
      """
    let field = try RankingSchema(yaml: yaml).multiValued[0]
    #expect(field.trigrams == true && field.hash == 1000)
    let wrong = yaml.replacingOccurrences(of: "hash: 1000", with: "columns: [title, text]")
    #expect(throws: RankingDataError.self) { try RankingSchema(yaml: wrong) }
  }

  @Test func fieldsOfEarlierBundlesHaveNone() throws {
    let old = #"{"name":"tags","ages":false,"minimum_count":1,"separator":"|","limit":50}"#
    let field = try JSONDecoder().decode(MultiValuedField.self, from: Data(old.utf8))
    #expect(field == MultiValuedField(name: "tags"))
  }
}
