/// Why a text is not JSON, and where.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Code: Hashable, Sendable {
    case unexpected(UInt8)
    case endOfText
    case tooDeep
    case tooMany
    case badNumber
    case badEscape
    case controlCharacter
    case badUTF8
    case trailing
  }

  public var code: Code
  /// Both from 1; the column counts bytes.
  public var line: Int
  public var column: Int

  public var description: String {
    let what =
      switch code {
      case .unexpected(let byte) where (0x21...0x7E).contains(byte):
        "unexpected '\(Character(UnicodeScalar(byte)))'"
      case .unexpected(let byte): "unexpected byte \(byte)"
      case .endOfText: "the text ends too early"
      case .tooDeep: "nested deeper than \(JSONParser.depthLimit) levels"
      case .tooMany: "more than \(JSONParser.valueLimit) values"
      case .badNumber: "not a number"
      case .badEscape: "not an escape"
      case .controlCharacter: "a control character inside a string"
      case .badUTF8: "bytes that are not UTF-8"
      case .trailing: "more text after the value"
      }
    return "line \(line), column \(column): \(what)"
  }
}
