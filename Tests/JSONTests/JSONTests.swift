import Testing

@testable import JSON

@Suite struct JSONTests {
  @Test(arguments: [
    #"{"a":1,"b":[true,false,null],"c":"x\"\\\n\t","d":-0.5,"e":1e+22}"#, "[]", "{}", #""ἄνθρωπος𐅵""#, "0", "-12",
  ])
  func printsWhatItParsed(text: String) throws {
    let value = try JSONValue.parse(text)
    #expect(value.text == text)
    #expect(try JSONValue.parse(value.pretty()) == value)
  }

  @Test func escapesBecomeCharacters() throws {
    #expect(try JSONValue.parse(#""\u1f04\ud800\udd75\/\b""#) == .string("\u{1F04}\u{10175}/\u{8}"))
  }

  @Test(arguments: [
    ("", 1, 1), ("{\"a\":}", 1, 6), ("[1,\n 2,]", 2, 4), ("01", 1, 3), ("1 2", 1, 3), ("\"a", 1, 3), ("[1e]", 1, 4),
    ("\"\\ud800\"", 1, 8), ("\"\\x\"", 1, 3), ("nul", 1, 4), ("+1", 1, 1), ("1e999", 1, 6),
  ])
  func saysWhereItIsWrong(text: String, line: Int, column: Int) {
    let error = #expect(throws: JSONError.self) { try JSONValue.parse(text) }
    #expect(error?.line == line)
    #expect(error?.column == column)
  }

  @Test func rawControlCharactersAreRefusedAndNeverWritten() throws {
    #expect(throws: JSONError.self) { try JSONValue.parse("\"a\u{1B}[2J\"") }
    let written = JSONValue.string("a\u{1B}[2J\u{7F}").serialised()
    #expect(written.allSatisfy { $0 >= 0x20 && $0 != 0x7F })
    #expect(try JSONValue.parse(written) == .string("a\u{1B}[2J\u{7F}"))
  }

  @Test func bytesThatAreNotUTF8AreRefused() {
    #expect(throws: JSONError.self) { try JSONValue.parse([0x22, 0xC3, 0x28, 0x22]) }
  }

  @Test func depthIsBounded() {
    let deep = String(repeating: "[", count: 100_000)
    let error = #expect(throws: JSONError.self) { try JSONValue.parse(deep) }
    #expect(error?.code == .tooDeep)
  }

  @Test func everyTruncationOfAnObjectIsRefused() {
    let bytes = Array(#"{"text":"καὶ \u0041","n":[1,2.5e3,{"x":null}]}"#.utf8)
    for count in 0..<bytes.count {
      #expect(throws: JSONError.self) { try JSONValue.parse(Array(bytes[..<count])) }
    }
  }

  @Test func mutationsNeverCrash() {
    let bytes = Array(#"{"text":"καὶ \u0041","n":[1,2.5e3,{"x":null}],"b":true}"#.utf8)
    var refused = 0
    for position in bytes.indices {
      for value in UInt8.min...UInt8.max {
        var mutated = bytes
        mutated[position] = value
        do { _ = try JSONValue.parse(mutated) } catch { refused += 1 }
      }
    }
    #expect(refused > bytes.count * 100)
  }

  /// Two bytes on the disk take some forty in memory: what has too many values is refused.
  @Test func valuesAreCounted() throws {
    let bytes = Array(#"{"a":[1,2,{}],"b":null}"#.utf8)
    func parse(mostValues: Int) throws(JSONError) -> JSONValue {
      try bytes.withUnsafeBytes { raw in
        Result<JSONValue, JSONError> { () throws(JSONError) in
          var parser = JSONParser(raw, mostValues: mostValues)
          return try parser.document()
        }
      }.get()
    }
    #expect(try parse(mostValues: 6)["a"]?.array?.count == 3)
    #expect(throws: JSONError(code: .tooMany, line: 1, column: 19)) { try parse(mostValues: 5) }
  }

  @Test func membersAndNumbers() throws {
    let value = try JSONValue.parse(#"{"n":3.0,"s":"x","z":null}"#)
    #expect(value["n"]?.int == 3)
    #expect(value["z"] == nil)
    #expect(JSONValue.object(["a": 1, "b": nil]).text == #"{"a":1}"#)
  }
}
