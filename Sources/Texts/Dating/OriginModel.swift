// An origin model is a GGUF file, made of a library on first use; it may be deleted:
//   general.architecture  "grapheion-origin"    origin.version  4 (another is refused)    training.data  what it was made of
//   origin.places         the names of the places    origin.first, origin.step, origin.steps  the years in steps: the first one's beginning, how long each is, how many
//   features       i8   the letters of all features (`TextFeatures`), ascending    feature.starts  i32, one a feature and one more
//   rarity         f32  one a feature: the logarithm of all texts for each that has it
//   weights        i8   [places + steps, features + 1]: what each feature says for each place and step; the last row is said of every text
//   units          f32  one a row of weights: what 1 of it counts
//   together       f32  [steps, places]: how many times as often as by chance a place's texts are of those years
import Glibc
import Inference
import Leiden
import Text

/// Tells when and where a text was written, by its words. Read-only and thread-safe.
///
/// Two softmax regressions over words, their beginnings and endings and pairs of words (`TextFeatures`), each by its rarity, all of a text together of length 1;
/// and how places and years go together.
/// What is not in the file's reach is never read.
public struct OriginModel: Sendable {
  public let places: [String]
  let first, step, steps: Int
  let stamp: String
  private let file: GGUFFile
  private let weights: GGUFTensor
  private let letters: [UInt8]
  private let starts: [Int32]
  private let rarity, units, together: [Float]

  static let version = 4
  static let architecture = "grapheion-origin"

  /// A guess at a text's origin.
  public struct Origin: Sendable {
    /// Years between which the text was written with four chances in five, and the likeliest middle. Years before our era are negative; there is no year 0.
    public var from, to, middle: Int
    /// Each century with its probability, ascending: 2 is 101 to 200, -1 is 100 to 1 before our era.
    public var centuries: [(century: Int, probability: Double)]
    /// Years that the text counts, `year 18 of Tiberius`, `indiction 7`, with the year of our era in which most of each lies; of an indiction the likeliest.
    public var countedYears: [(words: String, year: Int)]
    /// Words that speak most for these years.
    public var yearFeatures: [String]
    /// Places, likeliest first, with the words that speak most for each.
    public var places: [(place: String, probability: Double, features: [String])]
  }

  init(path: String) throws(ModelError) {
    let file = try GGUFFile(path: path)
    func damaged(_ reason: String) -> ModelError { ModelError(.damaged, path: path, reason) }
    guard file.string("general.architecture") == Self.architecture else {
      throw ModelError(.wrongKind, path: path, "is no model of places and dates")
    }
    guard file.integer("origin.version") == Self.version else {
      throw ModelError(.newerVersion, path: path, "was made for another Grapheion")
    }
    let byName = Dictionary(file.tensors.map { ($0.name, $0) }, uniquingKeysWith: { one, _ in one })
    guard let first = file.integer("origin.first"), let step = file.integer("origin.step"),
      let steps = file.integer("origin.steps"), (-5000...5000).contains(first), (1...1000).contains(step),
      (1...1000).contains(steps), let places = file.string("origin.places")?.split(separator: "\n").map(String.init),
      let features = byName["features"], features.kind == .i8, let starts = byName["feature.starts"],
      starts.kind == .i32,
      let rarity = byName["rarity"], rarity.kind == .f32, let weights = byName["weights"], weights.kind == .i8,
      let units = byName["units"], units.kind == .f32, let together = byName["together"], together.kind == .f32
    else { throw damaged("does not state its places, years and words") }
    self.letters = file.bytes(of: features).map { UInt8(bitPattern: $0) }
    self.starts = file.integers(of: starts)
    self.rarity = try file.values(of: rarity)
    self.units = try file.values(of: units)
    self.together = try file.values(of: together)
    guard self.starts.first == 0, self.starts.last.map(Int.init) == letters.count,
      zip(self.starts, self.starts.dropFirst()).allSatisfy(<=),
      weights.sizes == [places.count + steps, self.starts.count], self.rarity.count == self.starts.count - 1,
      self.rarity.allSatisfy({ $0 > 0 && $0 < 100 }), self.units.count == self.starts.count,
      self.units.allSatisfy({ $0 >= 0 && $0 < 100 }), together.sizes == [steps, places.count],
      self.together.allSatisfy({ $0 > 0 && $0 < 1e6 })
    else { throw damaged("its tables do not fit each other") }
    (self.file, self.weights, self.places, self.first, self.step, self.steps) = (
      file, weights, places, first, step, steps
    )
    stamp = file.string("training.data") ?? ""
  }

  private var width: Int { places.count + steps }
  private var featureCount: Int { starts.count - 1 }

  private func feature(_ number: Int) -> ArraySlice<UInt8> { letters[Int(starts[number])..<Int(starts[number + 1])] }

  private func number(of sought: [UInt8]) -> Int? {
    var (low, high) = (0, featureCount)
    while low < high {
      let middle = (low + high) / 2
      if feature(middle).lexicographicallyPrecedes(sought) { low = middle + 1 } else { high = middle }
    }
    return low < featureCount && feature(low).elementsEqual(sought) ? low : nil
  }

  /// What a feature says for each of some columns.
  private func row(_ number: Int, _ columns: Range<Int>, _ body: (_ column: Int, _ weight: Float) -> Void) {
    file.withBytes(of: weights) { bytes in
      let unit = units[number]
      for column in columns { body(column, unit * Float(Int8(bitPattern: bytes[number * width + column]))) }
    }
  }

  /// When and where a text was written: plain text, words divided by blanks, `-` for lost letters. nil where none of its words is known.
  public func origin(of text: String, places limit: Int = 5) -> Origin? {
    origin(of: TextWord.words(of: text), places: limit)
  }

  /// The same of an edited text, whose abbreviations tell something, too.
  public func origin(of text: LeidenText, places limit: Int = 5) -> Origin? {
    origin(of: TextWord.words(of: text), places: limit)
  }

  func origin(of words: [TextWord], places limit: Int) -> Origin? {
    let groups = TextFeatures.groups(of: words).mapValues { $0.compactMap { number(of: $0) } }
    let known = Set(groups.values.joined()).sorted()
    guard groups.contains(where: { !$0.key.isEmpty && !$0.value.isEmpty }) else { return nil }
    let length = known.reduce(Float(0)) { $0 + rarity[$1] * rarity[$1] }.squareRoot()
    var scores = [Float](repeating: 0, count: width)
    row(featureCount, 0..<width) { scores[$0] += $1 }
    for feature in known {
      let value = rarity[feature] / length
      row(feature, 0..<width) { scores[$0] += value * $1 }
    }
    let (placeShares, yearShares) = weighed(
      Self.softmax(scores[..<places.count]), Self.softmax(scores[places.count...]))
    /// The words that say most for it, by themselves and with what they begin and end with.
    func speaking(for column: Int) -> [String] {
      var worth: [Int: Float] = [:]
      for feature in known { row(feature, column..<column + 1) { worth[feature] = $1 * rarity[feature] } }
      let sums = groups.mapValues { $0.reduce(Float(0)) { $0 + (worth[$1] ?? 0) } }.filter {
        $0.value > 0 && !$0.key.isEmpty
      }
      return sums.sorted { ($0.value, TextLetters.text($1.key)) > ($1.value, TextLetters.text($0.key)) }.prefix(5)
        .map { TextLetters.text($0.key) }
    }
    let order = placeShares.indices.sorted { (placeShares[$0], $1) > (placeShares[$1], $0) }
    let best = order.prefix(limit).map { (places[$0], placeShares[$0], speaking(for: $0)) }
    let wholes = words.map(\.whole)
    let (regnal, indictions) = (RegnalYear.all(in: wholes), Indiction.all(in: wholes))
    let years = chances(of: yearShares, regnal, indictions)
    /// The year before which the text was written with a given chance.
    func year(_ chance: Double) -> Int {
      var sum = 0.0
      for (number, share) in years.enumerated() {
        sum += share
        if sum >= chance { return first + number }
      }
      return first + years.count
    }
    func told(_ year: Int) -> Int { year <= 0 ? year - 1 : year }
    var centuries: [Int: Double] = [:]
    for (number, share) in years.enumerated() {
      let year = first + number
      centuries[year > 0 ? (year - 1) / 100 + 1 : -((-year) / 100 + 1), default: 0] += share
    }
    let counted =
      Set(regnal).sorted { $0.year < $1.year }.map { ("year \($0.number) of \($0.emperor)", told($0.year)) }
      + Set(indictions).sorted { $0.number < $1.number }.compactMap { indiction in
        let fitting = years.indices.filter { indiction.fits(first + $0) }
        return fitting.max { years[$0] < years[$1] }.map { ("indiction \(indiction.number)", told(first + $0)) }
      }
    let middle = min(steps - 1, max(0, (year(0.5) - first) / step))
    return Origin(
      from: told(year(0.1)), to: told(year(0.9)), middle: told(year(0.5)),
      centuries: centuries.sorted { $0.key < $1.key }.map { ($0.key, $0.value) },
      countedYears: counted,
      yearFeatures: speaking(for: places.count + middle), places: best)
  }

  /// Places and steps of years weighed by each other. Both were learnt from the same words, so that what they have in common counts little.
  private func weighed(_ ofPlaces: [Double], _ ofSteps: [Double]) -> (places: [Double], steps: [Double]) {
    var (places, steps) = (ofPlaces.map { _ in 0.0 }, ofSteps.map { _ in 0.0 })
    var sum = 0.0
    for place in places.indices where ofPlaces[place] > 1e-6 {
      for step in steps.indices {
        let both =
          ofPlaces[place] * ofSteps[step] * pow(Double(together[place * self.steps + step]), Self.togetherTrust)
        places[place] += both
        steps[step] += both
        sum += both
      }
    }
    return (places.map { $0 / sum }, steps.map { $0 / sum })
  }

  private static let togetherTrust = 0.15

  /// How likely each year is: the steps' chances, spread over their years, and what the regnal years in the text say. Of several the latest is mostly the text's
  /// own; the others are of what it tells.
  private func chances(of shares: [Double], _ regnal: [RegnalYear], _ indictions: [Indiction]) -> [Double] {
    var years = shares.flatMap { share in [Double](repeating: share / Double(step), count: step) }
    if regnal.isEmpty && indictions.isEmpty { return years }
    var gains = [Double](repeating: 1, count: years.count)
    let latest = regnal.map(\.year).max()
    for year in Set(regnal.map(\.year)) {
      for near in -Self.leeway...Self.leeway where years.indices.contains(year + near - first) {
        gains[year + near - first] += year == latest ? Self.trust : Self.trust / 4
      }
    }
    for index in years.indices where indictions.contains(where: { $0.fits(first + index) }) {
      gains[index] += Self.indictionTrust
    }
    for index in years.indices { years[index] *= gains[index] }
    let sum = years.reduce(0, +)
    return years.map { $0 / sum }
  }

  /// How many times as likely a regnal year makes a year, and those on either side of it.
  private static let trust = 300.0
  private static let leeway = 1
  /// The same of an indiction.
  private static let indictionTrust = 8.0

  private static func softmax(_ scores: ArraySlice<Float>) -> [Double] {
    let best = scores.max() ?? 0
    let all = scores.map { Double(expf($0 - best)) }
    let sum = all.reduce(0, +)
    return all.map { $0 / sum }
  }
}
