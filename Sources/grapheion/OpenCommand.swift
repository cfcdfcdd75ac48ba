/// `grapheion [CORPUS]`: the workbench.
let openCommand = Command(
  name: "open",
  summary: "Open the workbench on a corpus",
  operands: "[CORPUS]",
  count: 0...1,
  options: [],
  example: "grapheion ~/papyri"
) { arguments in
  let path = try arguments.operands.first ?? Installation.sampleCorpus()
  throw Failure(.unreadable, "\(path): this build has no workbench.")
}
