@main
struct Main {
  static func main() {
    print("grapheion")
  }
}
