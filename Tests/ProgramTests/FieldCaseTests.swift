import Foundation
import Testing

/// Cases from the field in `../shared/cases`, each with a script that prints what the program makes of it. What was wrong there has a test of its
/// own, with its own input, beside the part that was mended; here the cases themselves are run.
@Suite struct FieldCaseTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    /// What the script must print; and what it must not.
    var shows: [String]
    var lacks: [String] = []
    var testDescription: String { name }
  }

  private static let folder = BuiltProgram.root + "/../shared/cases"

  private static let cases = [
    Case(
      name: "01-table-cells",
      shows: ["('0-0', 'ΜΕΜΙΣΘΩΜΑΙΣΩ')", "('0-1', 'ΚΡΑΤΗΣΙΕΡΑΚΟΣ')", "('0-2', 'ΕΚΦΟΡΙΟΥΕΚΑΣΤΗΣ')"]),
    Case(
      name: "03-nested-region-order",
      shows: [
        "('0-1', 'ΚΡΑΤΗΣΙΕΡΑΚΟΣ')", "('0-2', 'ΤΑΣΥΠΑΡΧΟΥΣΑΣ')", "('0-3', 'ΕΚΦΟΡΙΟΥΕΚΑΣΤΗΣ')", "('0-4', 'ΑΡΟΥΡΗΣΠΥΡΟΥ')",
      ]),
    Case(name: "05-custom-order-of-regions", shows: ["0-0 0 [[87.0, 93.0]", "('0-1', 'ΤΑΣΥΠΑΡΧΟΥΣΑΣ')"]),
    Case(name: "08-empty-line-text-hides-words", shows: ["ΜΕΜΙΣΘΩΜΑΙ ΣΩ"]),
    Case(name: "12-alto-size-on-printspace", shows: ["0-0 0 [[87.0, 93.0]"]),
    Case(name: "13-alto-mm10-beside-jpeg", shows: ["0-0 0 [[87.4, 93.4], [202.0, 93.4]"]),
    Case(name: "19-alto-without-sp", shows: ["'μεμίσθωμαι Σω'"]),
    Case(name: "21-exif-turned-jpeg-with-page", shows: ["c/fragments/x/x.png PNG 1082x604", "0-0 0 [[87.0, 93.0]"]),
    Case(
      name: "25-lines-outside-the-image", shows: ["lines outside the photograph: 2", "o/a_0-0.gt.txt"],
      lacks: ["o/a_0-1", "1x2"]),
    Case(
      name: "36-choice-orig-first", shows: ["regularised: γλοσσα καὶ", "regularised: σσα καὶ"],
      lacks: ["regularised: γλο "]),
    Case(name: "42-micro-sign", shows: ["ΜΗΝΟΣ\n", "a\t4\tµηνὸς", "ΜΗΝΟΣΘΩΘ"]),
    Case(name: "44-stigma-koppa-sampi", shows: ["ΕΤΟΥΣϚ\nϘΔϠϚ", "ΕΤΟΥΣϚ\nϚϘΔ"], lacks: ["a\t0-5"]),
    Case(
      name: "45-full-stop-is-no-letter",
      shows: [
        "ΧΑΙΡΕΙΝΚΑΛΩΣ\nΣΕΣΗΜ\n", "ΧΑΙΡΕΙΝΚΑΛΩΣΠΟΙΗΣΕΙΣ", "ΧΑΙΡΕΙΝΚΑΛΩΣ\nΣΕΣΗΜ\nΕΛΕΟΥ\nΚΑΝ", "texts taken that may not",
      ],
      lacks: ["ΣΕΣΗΜ."]),
    Case(
      name: "57-truth-not-utf8", shows: ["u/l1.gt.txt: is not text in UTF-8", "l/l1.gt.txt: is not text in UTF-8"],
      lacks: ["108.3%"]),
    Case(name: "63-page-comes-later", shows: ["its 3 lines are taken", "lines.json"]),
    Case(name: "64-text-not-leiden-dropped", shows: ["texts that are no Leiden+: 3 (the first: line l0"]),
  ]

  @Test(
    .enabled(if: FileManager.default.fileExists(atPath: folder), "the shared cases are not beside this checkout"),
    arguments: cases)
  func isMended(_ instance: Case) throws {
    let scratch = try Scratch()
    let copy = scratch.path + "/case"
    try FileManager.default.copyItem(atPath: Self.folder + "/" + instance.name, toPath: copy)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    // The copies are read-only like what they were made from.
    process.arguments = ["-c", "chmod -R u+w . && bash cmd.sh > ../output 2>&1"]
    process.currentDirectoryURL = URL(fileURLWithPath: copy)
    var variables = ProcessInfo.processInfo.environment
    variables["G"] = BuiltProgram.path
    variables["GRAPHEION_HOME"] = BuiltProgram.root
    process.environment = variables
    try process.run()
    process.waitUntilExit()
    let output = try String(contentsOfFile: scratch.path + "/output", encoding: .utf8)
    for text in instance.shows { #expect(output.contains(text), "\(text) is missing in: \(output)") }
    for text in instance.lacks { #expect(!output.contains(text), "\(text) is in: \(output)") }
  }
}
