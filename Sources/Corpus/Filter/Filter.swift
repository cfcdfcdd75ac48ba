import Text

// The filter language of the workbench's filter line and of `--only`:
//
//   either   = both { "or" both }
//   both     = single { [ "and" ] single }              words side by side must all be there
//   single   = "not" single | "(" either ")" | condition
//   condition
//     word   or "several words"                         somewhere in id, title, place, material, rights or numbers
//     id: title: place: material: rights: tm: hgv: ddbdp: inventory: number: corrector: model:   followed by a text
//            `:` contains, `=` is exactly; accents and case do not count
//     text:  followed by a pattern (`LetterPattern`)    somewhere in the transcription
//     date:-120..-100  date:-50  date>=100  date<200    the fragment may be of one of these years; negative is BCE
//     lines corrected confirmed images confidence       followed by < <= > >= = or `:`, and a number or range
//     state:unread|read|work|done|failed
//     has:image|date|place|reading|correction|conflict|failure
//     has:note|flag                                     a line of it has one (`Remark`)
//     uncertain:20                                      of those that match everything else the 20 from whose lines a model would learn most
//                                                       (`LineWorth`); not within brackets, `or` and `not`: it asks about all of them together
//
// `and`, `or`, `not` are also written `&`, `|`, `!`; a word that is meant as text is quoted: "not".

/// A question about fragments, parsed. Matching takes time linear in the length of the question and the texts asked.
public struct Filter: Hashable, Sendable {
  indirect enum Node: Hashable, Sendable {
    case all
    case both([Node])
    case either([Node])
    case not(Node)
    case text(TextField, needle: [UInt8], exact: Bool)
    case letters(LetterPattern)
    case number(NumberField, ClosedRange<Double>)
    case date(ClosedRange<Int>)
    case state(FragmentState)
    case has(Thing)
    /// So many of those that match the rest: of one fragment alone it says nothing, and is true of any.
    case uncertain(Int)
  }

  enum TextField: String, Hashable, Sendable, CaseIterable {
    case any, id, title, place, material, rights, tm, hgv, ddbdp, inventory, number, corrector, model
  }
  enum NumberField: String, Hashable, Sendable, CaseIterable { case lines, corrected, confirmed, images, confidence }
  enum Thing: String, Hashable, Sendable, CaseIterable {
    case image, date, place, reading, correction, conflict, failure, note, flag
  }

  let root: Node
  /// As it was written.
  public let text: String

  /// Parses a question; an empty one matches everything.
  public static func parse(_ text: String) throws(FilterError) -> Filter {
    var parser = FilterParser(text)
    return Filter(root: try parser.filter(), text: text)
  }

  /// How many of the fragments that match are meant, those first from which most is to be learned; nil for all.
  public var mostUncertain: Int? {
    switch root {
    case .uncertain(let count): count
    case .both(let parts): parts.lazy.compactMap { if case .uncertain(let count) = $0 { count } else { nil } }.min()
    default: nil
    }
  }

  public func matches(_ subject: FilterSubject) -> Bool { evaluator().matches(subject) }

  func evaluator() -> FilterEvaluator { FilterEvaluator(root) }
}

/// What is wrong with a filter, and where.
public struct FilterError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Counted from 1, in characters.
  public var column: Int
  public var reason: String

  public var description: String { "\(displayText(reason)) (at character \(column) of the filter)" }
}
