import Corpus

/// A letter that is looked for in one fragment after another; by it an answer is known that nobody waits for any more.
struct FormsQuestion: Hashable, Sendable {
  var scope: LetterChart.Scope
  /// A Greek capital.
  var letter: String
  /// The fragment that is looked through, and that on the desk.
  var fragment: String
  var asker: String
}

extension Workspace {
  /// Shows the forms of the letter at the cursor: of this hand, then of the corpus, of the century, then no more.
  mutating func nextChart() -> [Effect] {
    if let chart = desk?.chart {
      guard let scope = LetterChart.Scope.allCases.first(where: { $0 > chart.scope }) else {
        desk?.chart = nil
        return []
      }
      return show(chart, in: scope)
    }
    if desk?.editor == nil { _ = goToDoubtful(forward: true) }
    guard let desk, let editor = desk.editor, let line = desk.line, line.candidates.indices.contains(desk.candidate),
      let place = LetterAlignment(editor.letters, line.candidates[desk.candidate].letters).letter(at: editor.cursor),
      let chart = LetterChart(desk, letter: place, of: desk.candidate)
    else {
      message = .note("No letter was read there that could be compared.")
      return []
    }
    self.desk?.chart = chart
    return []
  }

  private mutating func show(_ chart: LetterChart, in scope: LetterChart.Scope) -> [Effect] {
    guard let fragment = desk?.fragment else { return [] }
    var century: Century?
    if scope == .century {
      century = Century(of: fragment.date)
      guard century != nil else {
        desk?.chart = nil
        message = .note("Of which century the fragment is nobody has said: m says it.")
        return []
      }
    }
    let others = list.table.read(years: century?.years, besides: fragment.id, most: LetterChart.mostFragments)
    desk?.chart = LetterChart(chart, in: scope, of: others, century: century?.words)
    return nextForms()
  }

  /// One fragment at a time: keys are never waited for by more than one.
  private func nextForms() -> [Effect] {
    guard let desk, let chart = desk.chart, let next = chart.waiting.last else { return [] }
    return [
      .findForms(FormsQuestion(scope: chart.scope, letter: chart.letter, fragment: next, asker: desk.fragment.id))
    ]
  }

  mutating func handle(_ forms: [LetterForm], answering question: FormsQuestion) -> [Effect] {
    guard let chart = desk?.chart, chart.scope == question.scope, chart.letter == question.letter,
      desk?.fragment.id == question.asker, desk?.chart?.take(forms, of: question.fragment) == true
    else { return [] }
    return nextForms()
  }
}

extension LetterChart.Scope: Comparable {
  static func < (a: LetterChart.Scope, b: LetterChart.Scope) -> Bool {
    allCases.firstIndex(of: a)! < allCases.firstIndex(of: b)!
  }
}

extension LetterForm {
  /// The forms of a letter on a fragment, the surest first, `LetterChart.mostOfEach` at most.
  ///
  /// - Parameters:
  ///   - lines: the fragment's, with their names.
  ///   - open: opens a photograph by its index; one that cannot be opened has none.
  static func all(
    of letter: String, on fragment: String, _ lines: [(line: LineState, name: String)],
    open: (Int) throws -> any ViewablePhotograph
  ) -> [LetterForm] {
    var places: [(line: LineState, name: String, letter: CandidateLetter)] = []
    for (line, name) in lines {
      for number in line.places(of: letter, atLeast: LetterChart.leastElsewhere) {
        places.append((line, name, line.candidates[0].letters[number]))
      }
    }
    // What a scholar has seen comes before what a model is sure of.
    func worth(_ place: (line: LineState, name: String, letter: CandidateLetter)) -> Double {
      place.letter.probability + (place.line.text == nil ? 0 : 1)
    }
    var photographs: [Int: any ViewablePhotograph] = [:]
    var forms: [LetterForm] = []
    for place in places.sorted(by: { worth($0) > worth($1) }) where forms.count < LetterChart.mostOfEach {
      let index = place.line.region.photograph
      if photographs[index] == nil { photographs[index] = try? open(index) }
      guard let photograph = photographs[index], let ink = cut(place.letter, place.line.region, photograph) else {
        continue
      }
      forms.append(
        LetterForm(fragment: fragment, line: place.name, ink: ink, isDecided: place.line.status.isDecided))
    }
    return forms
  }
}
