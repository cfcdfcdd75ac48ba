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

  /// What is written and read without a string in between, against Swift's own conversions.
  @Test func numbersAreWrittenAndReadAsSwiftDoes() throws {
    var random = SystemRandomNumberGenerator()
    var numbers: [Double] = [
      0, -0.0, 1e-4, 0.00009, 0.000001, 0.1, 0.3, 1.0 / 3, 0.1 + 0.2, .leastNonzeroMagnitude, 1e22, 123456789.123456,
      999_999_999.999999,
      1e9, 1e15, 9_007_199_254_740_992, -1.7976931348623157e308, 2.5, -12345.6, 100, 0.30000000000000004,
    ]
    for _ in 0..<20_000 {
      let bits = Double(bitPattern: random.next())
      if bits.isFinite { numbers.append(bits) }
      for unit in [10.0, 100, 1e6, 1e7] {
        numbers.append((Double.random(in: -1e10...1e10, using: &random) * unit).rounded() / unit)
        numbers.append((Double.random(in: -1...1, using: &random) * unit).rounded() / unit)
      }
    }
    for number in numbers {
      let text = JSONValue.double(number).text
      try #require(text == "\(number)")
      guard case .double(let back) = try JSONValue.parse(text) else {
        throw JSONError(code: .badNumber, line: 1, column: 1)
      }
      try #require(back.bitPattern == number.bitPattern)
    }
    for number in [0, 7, 10, -10, 1_700_000_000_000_000, 99_999_999_999_999_999, .max, .min] {
      #expect(JSONValue.int(number).text == String(number))
      #expect(try JSONValue.parse(String(number)) == .int(number))
    }
    for text in [
      "0.1000000", "-0.00", "1234567.1234567", "12345678901234.5", "1.234567890123456789", "-9.99999999999999",
    ] {
      #expect(try JSONValue.parse(text) == .double(#require(Double(text))))
    }
  }
}
