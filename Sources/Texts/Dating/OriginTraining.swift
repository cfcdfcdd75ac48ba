import Glibc
import Inference
import Platform
import Text

/// Learns where and when texts were written from those of a library whose place or date is known.
enum OriginTraining {
  /// A place of fewer texts is not learnt, nor a feature of fewer.
  private static let leastTexts = 8
  private static let leastFeature: Int32 = 5
  private static let (first, step, steps) = (-330, 20, 60)
  private static let rounds = 20
  private static let rate: Float = 3
  /// Of a hundred features of a text so many are passed over each time it is seen: what is learnt leans on no single word (van der Maaten et al. 2013).
  private static let passedOver: UInt64 = 65

  private struct Example {
    var features: [Int32]
    /// What each feature counts: its rarity, all together of length 1.
    var values: [Float]
    /// -1 where it is not known.
    var place: Int
    /// How likely each step of years is, from the first that is; empty where nothing is known.
    var firstStep = 0
    var years: [Float] = []

    /// Some of the features, all together of length 1 again.
    func thinned(_ random: inout SplitMix64) -> Example {
      var result = self
      result.features.removeAll(keepingCapacity: true)
      result.values.removeAll(keepingCapacity: true)
      for (feature, value) in zip(features, values) where random.next() % 100 >= passedOver {
        result.features.append(feature)
        result.values.append(value)
      }
      let length = result.values.reduce(0) { $0 + $1 * $1 }.squareRoot()
      for at in result.values.indices { result.values[at] /= length }
      return result
    }
  }

  /// Writes the model. About two minutes of one core for 50,000 texts.
  ///
  /// - Parameter stamp: what it is made of.
  static func write(_ indexes: [TextIndex], _ table: PlaceTable, to path: String, stamp: String) throws {
    var texts: [(index: TextIndex, text: Int, entry: PlaceTable.Entry)] = []
    // Most features stand in one text: they are counted by their hashes, and only those that stay are kept.
    var counts: [UInt64: Int32] = [:]
    var placeCounts: [String: Int] = [:]
    for index in indexes {
      for text in 0..<index.textCount {
        guard let numbers = index.line(index.lines(ofText: text).lowerBound)?.numbers,
          let entry = numbers.lazy.compactMap({ table.entries[$0] }).first
        else { continue }
        texts.append((index, text, entry))
        if entry.isPlaced { placeCounts[entry.place, default: 0] += 1 }
        for feature in TextFeatures.features(of: index.words(ofText: text)) { counts[hash(feature), default: 0] += 1 }
      }
    }
    counts = counts.filter { $0.value >= leastFeature }
    var kept = Set<[UInt8]>()
    let own = texts.map { text in
      let features = TextFeatures.features(of: text.index.words(ofText: text.text)).filter { counts[hash($0)] != nil }
      kept.formUnion(features)
      return features.map(hash)
    }
    let features = kept.sorted { $0.lexicographicallyPrecedes($1) }
    let places = placeCounts.filter { $0.value >= leastTexts }.keys.sorted()
    guard !features.isEmpty, !places.isEmpty else {
      throw TextsError(
        .empty,
        "too few texts of the library have a known place and date; add the table: grapheion texts add places-dates.tsv")
    }
    let featureNumbers = Dictionary(
      features.enumerated().map { (hash($1), Int32($0)) }, uniquingKeysWith: { first, _ in first })
    let placeNumbers = Dictionary(uniqueKeysWithValues: places.enumerated().map { ($1, $0) })
    let rarity = features.map { logf(Float(texts.count + 1) / Float(counts[hash($0)] ?? 1)) }
    let examples = zip(texts, own).compactMap { text, own -> Example? in
      let known = own.compactMap { featureNumbers[$0] }.sorted()
      guard !known.isEmpty else { return nil }
      let length = known.reduce(Float(0)) { $0 + rarity[Int($1)] * rarity[Int($1)] }.squareRoot()
      let values = known.map { rarity[Int($0)] / length }
      var example = Example(
        features: known, values: values, place: text.entry.isPlaced ? placeNumbers[text.entry.place] ?? -1 : -1)
      // A wide date says something, too: what is not known nearer lies anywhere in it.
      if let (middle, spread) = text.entry.years {
        (example.firstStep, example.years) = years(middle, spread)
      }
      return example.place >= 0 || !example.years.isEmpty ? example : nil
    }
    let weights = fitted(examples, features: features.count, places: places.count)

    var writer = GGUFWriter()
    writer.set("general.architecture", .string(OriginModel.architecture))
    writer.set("origin.version", .integer(Int64(OriginModel.version)))
    writer.set("training.data", .string(stamp))
    writer.set("origin.places", .string(places.joined(separator: "\n")))
    writer.set("origin.first", .integer(Int64(first)))
    writer.set("origin.step", .integer(Int64(step)))
    writer.set("origin.steps", .integer(Int64(steps)))
    var starts: [Int32] = [0]
    for feature in features { starts.append(starts[starts.count - 1] + Int32(feature.count)) }
    writer.add("features", features.joined().map { Int8(bitPattern: $0) })
    writer.add("feature.starts", starts)
    writer.add("rarity", sizes: [features.count], kind: .f32, values: rarity)
    let width = places.count + steps
    let units = stride(from: 0, to: weights.count, by: width).map { row in
      weights[row..<row + width].reduce(0) { max($0, abs($1)) } / 127
    }
    writer.add("units", sizes: [units.count], kind: .f32, values: units)
    let whole = weights.indices.map { Int8((weights[$0] / max(units[$0 / width], .leastNormalMagnitude)).rounded()) }
    writer.add("weights", sizes: [width, features.count + 1], kind: .i8, bytes: whole.map { UInt8(bitPattern: $0) })
    writer.add("together", sizes: [steps, places.count], kind: .f32, values: together(examples, places: places.count))
    try writer.write(to: path)
  }

  /// How many times as often as by chance a place's texts are of some years; `doubt` texts more in either are taken for granted.
  private static func together(_ examples: [Example], places: Int) -> [Float] {
    var texts = [Float](repeating: 0, count: places * steps)
    var (ofPlace, ofStep) = ([Float](repeating: 0, count: places), [Float](repeating: 0, count: steps))
    for example in examples where example.place >= 0 {
      for (at, chance) in example.years.enumerated() {
        texts[example.place * steps + example.firstStep + at] += chance
        ofPlace[example.place] += chance
        ofStep[example.firstStep + at] += chance
      }
    }
    let (doubt, all): (Float, Float) = (2, max(1, ofPlace.reduce(0, +)))
    return texts.indices.map { (texts[$0] + doubt) / (ofPlace[$0 / steps] * ofStep[$0 % steps] / all + doubt) }
  }

  private static func hash(_ feature: [UInt8]) -> UInt64 {
    var hash = WordModel.Hash()
    for letter in feature { hash.add(letter) }
    return hash.value
  }

  /// The chances of the steps around a date: its spread, and somewhat beyond, since neighbouring steps are nearly right.
  private static func years(_ middle: Int, _ spread: Int) -> (Int, [Float]) {
    let width = Double(spread) / 1.7 + 12
    let near =
      max(0, (middle - spread - 40 - first) / step)...max(0, min(steps - 1, (middle + spread + 40 - first) / step))
    guard middle >= first, middle < first + steps * step else { return (0, []) }
    var shares = near.map { number -> Float in
      let distance = (Double(first + number * step + step / 2) - Double(middle)) / width
      return Float(exp(-0.5 * distance * distance))
    }
    let sum = shares.reduce(0, +)
    for at in shares.indices { shares[at] /= sum }
    return (near.lowerBound, shares)
  }

  /// Stochastic gradient descent, the rate falling to nothing; texts in an order that is the same in every run.
  private static func fitted(_ examples: [Example], features: Int, places: Int) -> [Float] {
    let width = places + steps
    var weights = [Float](repeating: 0, count: (features + 1) * width)
    var order = Array(examples.indices)
    var random = SplitMix64(seed: 20)
    var scores = [Float](repeating: 0, count: width)
    let total = Float(rounds * examples.count)
    var done: Float = 0
    weights.withUnsafeMutableBufferPointer { weights in
      guard let weights = weights.baseAddress else { return }
      let always = weights + features * width
      for _ in 0..<rounds {
        for at in order.indices.reversed() { order.swapAt(at, Int(random.next() % UInt64(at + 1))) }
        for number in order {
          let example = examples[number].thinned(&random)
          scores.withUnsafeMutableBufferPointer { scores in
            for column in 0..<width { scores[column] = always[column] }
            for (feature, value) in zip(example.features, example.values) {
              let row = weights + Int(feature) * width
              for column in 0..<width { scores[column] += value * row[column] }
            }
            soften(scores, 0..<places)
            soften(scores, places..<width)
            // What is too likely goes down, what is not likely enough up.
            if example.place >= 0 {
              scores[example.place] -= 1
            } else {
              for column in 0..<places { scores[column] = 0 }
            }
            if example.years.isEmpty {
              for column in places..<width { scores[column] = 0 }
            } else {
              for (at, chance) in example.years.enumerated() { scores[places + example.firstStep + at] -= chance }
            }
            let rate = rate * (1 - done / total)
            for column in 0..<width { always[column] -= 0.02 * rate * scores[column] }
            for (feature, value) in zip(example.features, example.values) {
              let (row, step) = (weights + Int(feature) * width, rate * value)
              for column in 0..<width { row[column] -= step * scores[column] }
            }
          }
          done += 1
        }
      }
    }
    return weights
  }

  private static func soften(_ scores: UnsafeMutableBufferPointer<Float>, _ columns: Range<Int>) {
    var best = -Float.infinity
    for column in columns { best = max(best, scores[column]) }
    var sum: Float = 0
    for column in columns {
      scores[column] = expf(scores[column] - best)
      sum += scores[column]
    }
    for column in columns { scores[column] /= sum }
  }
}

extension PlaceTable.Entry {
  /// Whether the table knows a place.
  var isPlaced: Bool { !place.isEmpty && place != "null" && place != "unknown" }
}

extension TextLibrary {
  /// What tells when and where a text was written, by the texts of this library whose place and date were added; it is learnt where that was not done yet.
  public func originModel(telling: (String) -> Void = { _ in }) throws -> OriginModel {
    guard !sources.isEmpty else { throw empty }
    let path = folder + "/models/origin.gguf"
    let status = Files.status(placesPath)
    let stamp = "\(stamp); places \(status?.size ?? 0) \(status?.modified ?? 0)"
    if let model = try? OriginModel(path: path), model.stamp == stamp { return model }
    let indexes = try indexes(telling: telling)
    telling("learning from all texts whose place and date are known (once; two minutes or so for 50,000)")
    try Files.makeFolder(folder + "/models")
    try OriginTraining.write(indexes, places(), to: path, stamp: stamp)
    return try OriginModel(path: path)
  }
}
