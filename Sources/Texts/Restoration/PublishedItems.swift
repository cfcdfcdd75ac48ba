// Items of the published comparison (Cullhed 2024, `pap_text_ups.jsonl`), a JSON object a line:
//   {"messages":[{"role":"system",…},{"role":"user","content":"… συ[1 letters missing]εστιν----…"},{"role":"assistant","content":"ν"}]}
import JSON
import Platform

extension RestorationItem {
  /// The gaps of a file in the form in which others published theirs; what is no such line, and gaps whose answer has no letter or more than ten, are passed over.
  public static func published(_ path: String) throws(TextsError) -> [RestorationItem] {
    let bytes: [UInt8]
    do throws(SystemError) { bytes = try Files.read(path) } catch { throw TextsError(.unreadable, "\(error)") }
    return bytes.split(separator: 0x0A).compactMap { line in
      guard let messages = (try? JSONValue.parse(Array(line)))?["messages"]?.array, messages.count == 3,
        let text = messages[1]["content"]?.string, let answer = messages[2]["content"]?.string,
        let open = text.firstRange(of: "["), let close = text.firstRange(of: " letters missing]"),
        open.upperBound <= close.lowerBound
      else { return nil }
      let truth = TextLetters.numbers(answer)
      guard (1...10).contains(truth.count) else { return nil }
      let gap = Gap(
        before: String(text[..<open.lowerBound]), after: String(text[close.upperBound...]),
        letters: truth.count...truth.count)
      // Items of one papyrus begin alike.
      return RestorationItem(gap: gap, truth: truth, text: String(text.prefix(6)), isSupplement: false, isBare: true)
    }
  }
}
