/// The order of all ends of a text.
enum SuffixArray {
  /// Where the ends of `text` begin, in alphabetical order; by induced sorting (Nong, Zhang & Chan 2009). A shorter end comes before a longer one that it begins.
  ///
  /// - Parameter top: the largest symbol.
  /// - Complexity: linear; 20 million letters take about 3 s and, beside the result, 6 bytes a letter.
  static func build<Symbol: FixedWidthInteger & UnsignedInteger>(
    _ text: UnsafeBufferPointer<Symbol>, top: Int, into order: UnsafeMutableBufferPointer<Int32>
  ) {
    precondition(text.count == order.count && text.count < Int(Int32.max))
    let count = text.count
    guard count > 1 else {
      if count == 1 { order[0] = 0 }
      return
    }
    // Whether the end at i is smaller than the one at i + 1.
    let rises = UnsafeMutableBufferPointer<Bool>.allocate(capacity: count)
    defer { rises.deallocate() }
    rises[count - 1] = false
    for i in stride(from: count - 2, through: 0, by: -1) {
      rises[i] = text[i] == text[i + 1] ? rises[i + 1] : text[i] < text[i + 1]
    }
    // Where the ends of each symbol begin that fall, and that rise.
    var falling = [Int32](repeating: 0, count: top + 2)
    var rising = [Int32](repeating: 0, count: top + 2)
    for i in 0..<count {
      if rises[i] { falling[Int(text[i]) + 1] += 1 } else { rising[Int(text[i])] += 1 }
    }
    for symbol in 0...top {
      rising[symbol] += falling[symbol]
      if symbol < top { falling[symbol + 1] += rising[symbol] }
    }
    func isLow(_ i: Int) -> Bool { i > 0 && rises[i] && !rises[i - 1] }

    func induce(_ lows: UnsafeBufferPointer<Int32>) {
      order.update(repeating: -1)
      var place = rising
      for low in lows {
        let symbol = Int(text[Int(low)])
        order[Int(place[symbol])] = low
        place[symbol] += 1
      }
      place = falling
      place.withUnsafeMutableBufferPointer { place in
        let last = Int(text[count - 1])
        order[Int(place[last])] = Int32(count - 1)
        place[last] += 1
        for i in 0..<count {
          let before = Int(order[i]) - 1
          guard before >= 0, !rises[before] else { continue }
          let symbol = Int(text[before])
          order[Int(place[symbol])] = Int32(before)
          place[symbol] += 1
        }
      }
      place = falling
      place.withUnsafeMutableBufferPointer { place in
        for i in stride(from: count - 1, through: 0, by: -1) {
          let before = Int(order[i]) - 1
          guard before >= 0, rises[before] else { continue }
          let symbol = Int(text[before]) + 1
          place[symbol] -= 1
          order[Int(place[symbol])] = Int32(before)
        }
      }
    }

    var lows: [Int32] = []
    for i in 1..<count where isLow(i) { lows.append(Int32(i)) }
    lows.withUnsafeBufferPointer { induce($0) }
    guard !lows.isEmpty else { return }
    // The low places in the order of what stands between them, by number. They are at most every second place: their number stands at half the place.
    var sorted: [Int32] = []
    sorted.reserveCapacity(lows.count)
    for place in order where place >= 0 && isLow(Int(place)) { sorted.append(place) }
    let number = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: count / 2 + 1)
    defer { number.deallocate() }
    for (index, low) in lows.enumerated() { number[Int(low) / 2] = UInt32(index) }
    func end(_ low: Int) -> Int {
      let next = Int(number[low / 2]) + 1
      return next < lows.count ? Int(lows[next]) : count
    }
    var names = [UInt32](repeating: 0, count: lows.count)
    var name: UInt32 = 0
    for index in 1..<max(1, sorted.count) {
      var (left, right) = (Int(sorted[index - 1]), Int(sorted[index]))
      let (leftEnd, rightEnd) = (end(left), end(right))
      var isSame = leftEnd - left == rightEnd - right
      if isSame {
        while left < leftEnd, text[left] == text[right] {
          left += 1
          right += 1
          if right == count { break }
        }
        isSame = left < count && right < count && left == leftEnd && text[left] == text[right]
      }
      if !isSame { name += 1 }
      names[Int(number[Int(sorted[index]) / 2])] = name
    }
    let inner = UnsafeMutableBufferPointer<Int32>.allocate(capacity: lows.count)
    defer { inner.deallocate() }
    names.withUnsafeBufferPointer { build($0, top: Int(name), into: inner) }
    for index in 0..<lows.count { sorted[index] = lows[Int(inner[index])] }
    sorted.withUnsafeBufferPointer { induce($0) }
  }
}
