import Foundation
import Platform
import Raster
import Testing

@testable import Corpus
@testable import Exchange

/// Recto and verso by the names of photographs, and photographs known again.
@Suite struct SideTests {
  @Test(arguments: [
    ("P.Tebt.5_r", "P.Tebt.5", "recto", "P.Tebt.5_v"), ("inv 12 verso", "inv 12", "verso", "inv 12 recto"),
    ("17v", "17", "verso", "17r"), ("G-1-Recto", "G-1", "recto", "G-1-Verso"), ("A.R", "A", "recto", "A.V"),
    ("x vso", "x", "verso", "x rto"),
  ]) func namesThatTellASide(name: String, stem: String, side: String, other: String) {
    let found = SideName(name)
    #expect(found?.stem == stem && found?.side == side && found?.other == other)
  }

  @Test(arguments: ["letter", "v", "recto", "Our", "TM 5", "f0_0", "iv", "5rv", ""]) func namesThatTellNone(
    name: String
  ) {
    #expect(SideName(name) == nil)
  }

  private func bring(_ paths: [String], into store: CorpusStore, _ sidecar: @escaping Sidecar.Source = { _, _ in nil })
    throws
    -> [String]
  {
    var told: [String] = []
    try store.importPhotographs(paths, scholar: "t", sidecar: sidecar) { outcome in
      switch outcome {
      case .added(let id, let path): told.append("\(Files.name(path)) added to \(id)")
      case .present(let id, let path): told.append("\(Files.name(path)) is there as \(id)")
      case .refused(let path, let reason), .leftOut(let path, let reason): told.append("\(Files.name(path)): \(reason)")
      case .noted, .missed: break
      }
    }
    return told
  }

  @Test func sidesOfOnePapyrusAreOneFragment() throws {
    let fixture = try CorpusFixture()
    let folder = fixture.folder + "/sides"
    try Files.makeFolder(folder)
    for (number, name) in ["a_r", "a_v", "b_v", "c_r"].enumerated() {
      try PNG.write(Bitmap(width: 60, height: 40, filledWith: UInt8(20 + number)), to: folder + "/\(name).png")
    }
    let given: Sidecar.Source = { _, _ in Sidecar(regions: [CorpusFixture.region("0-0")], texts: ["0-0": "λόγος"]) }
    #expect(
      try bring([folder], into: fixture.store, given) == [
        "a_r.png added to a", "a_v.png added to a", "b_v.png added to b_v", "c_r.png added to c_r",
      ])
    let store = try fixture.reopened()
    let fragment = try store.fragment("a")
    #expect(fragment.photographs.map(\.side) == ["recto", "verso"] && fragment.title == "a")
    #expect(try store.lines(of: "a").map(\.region.id) == ["0-0", "1-0"])
    #expect(try store.lines(of: "a").map(\.text) == ["λόγος", "λόγος"])
    #expect(try store.check().isEmpty)
    // The other side comes later.
    try PNG.write(Bitmap(width: 60, height: 40, filledWith: 99), to: fixture.folder + "/c_v.png")
    #expect(
      try bring([fixture.folder + "/c_v.png", folder + "/a_v.png"], into: store) == [
        "c_v.png added to c_r", "a_v.png is there as a",
      ])
    #expect(try fixture.reopened().fragment("c_r").photographs.map(\.side) == ["recto", "verso"])
    #expect(try store.check().isEmpty)
  }

  /// Names alike in other folders, and a name that is taken, tear no sheet apart.
  @Test func sidesOfOneFolderStayTogetherWhateverIsTaken() throws {
    let fixture = try CorpusFixture()
    let folder = fixture.folder + "/volumes"
    var shade: UInt8 = 20
    func write(_ name: String) throws {
      try Files.makeFolder(Files.parent(folder + "/" + name))
      shade += 1
      try PNG.write(Bitmap(width: 60, height: 40, filledWith: shade), to: folder + "/" + name)
    }
    for name in ["1/1_r", "1/1_v", "2/1_r", "2/1_v", "3/1_v", "4/a", "4/a_r", "4/a_v", "4/a_v_ir"] {
      try write(name + ".png")
    }
    #expect(
      try bring([folder], into: fixture.store) == [
        "1_r.png added to 1", "1_v.png added to 1", "1_r.png added to 1-2", "1_v.png added to 1-2",
        "1_v.png added to 1_v", "a.png added to a", "a_r.png added to a-2", "a_v.png added to a-2",
        "a_v_ir.png added to a-2",
      ])
    #expect(try fixture.reopened().fragment("1-2").photographs.map(\.side) == ["recto", "verso"])
    // A recto whose verso lies beside it is none of another verso's; later its own finds it, alone or with its folder.
    try write("5/1_r.png")
    try write("5/1_v.png")
    #expect(try bring([folder + "/5/1_r.png"], into: try fixture.reopened()) == ["1_r.png added to 1-3"])
    #expect(try bring([folder + "/5/1_v.png"], into: try fixture.reopened()) == ["1_v.png added to 1-3"])
    try write("6/1_r.png")
    #expect(try bring([folder + "/6/1_r.png"], into: try fixture.reopened()) == ["1_r.png added to 1_v"])
    #expect(try fixture.reopened().check().isEmpty)
  }

  @Test(arguments: [
    ("P.Tebt.5_r_IR", "P.Tebt.5_r", "P.Tebt.5", "recto", "infra-red"),
    ("P.Tebt.5_IR_v", "P.Tebt.5_v", "P.Tebt.5", "verso", "infra-red"),
    ("inv 12 infra-red", "inv 12", "inv 12", nil, "infra-red"), ("a-uv", "a", "a", nil, "ultra-violet"),
    ("a_r", "a_r", "a", "recto", nil), ("letter", "letter", "letter", nil, nil), ("Kafir", "Kafir", "Kafir", nil, nil),
    ("ir", "ir", "ir", nil, nil),
  ]) func namesThatTellALight(name: String, plain: String, sheet: String, side: String?, light: String?) {
    let found = PictureName(name)
    #expect(found.plain == plain && found.sheet == sheet && found.side?.side == side && found.light?.rawValue == light)
  }

  @Test func lightsAreToldByTheMuseumFirst() {
    func light(_ file: String, _ side: String?) -> PhotographLight? {
      Photograph(file: file, width: 1, height: 1, side: side).light
    }
    #expect(light("a.png", nil) == nil && light("a.png", "recto") == nil)
    #expect(light("a_r_IR.png", nil) == .infrared && light("a.png", "verso, infrared") == .infrared)
    #expect(light("a.png", "IR") == .infrared && light("a_uv.png", "recto") == .ultraviolet)
    #expect(Photograph(file: "a", width: 1, height: 1, side: "Recto, infrared").face == .recto)
  }

  /// Whichever comes first.
  @Test func oneSheetInTwoLightsIsOneFragment() throws {
    let fixture = try CorpusFixture()
    let folder = fixture.folder + "/lights"
    try Files.makeFolder(folder)
    for (number, name) in ["a-ir", "a", "b_r", "b_r_IR", "b_v", "b_v_IR", "c_ir", "d_r_ir", "d_r"].enumerated() {
      try PNG.write(Bitmap(width: 60, height: 40, filledWith: UInt8(20 + number)), to: folder + "/\(name).png")
    }
    #expect(
      try bring([folder], into: fixture.store) == [
        "a-ir.png added to a", "a.png added to a", "b_r.png added to b", "b_r_IR.png added to b", "b_v.png added to b",
        "b_v_IR.png added to b", "c_ir.png added to c_ir", "d_r.png added to d_r", "d_r_ir.png added to d_r",
      ])
    let store = try fixture.reopened()
    #expect(try store.fragment("b").photographs.map(\.side) == ["recto", "recto", "verso", "verso"])
    // What shows once more what another shows is not read; what nothing else shows is.
    #expect(try store.fragment("b").twins == [1, 3] && (try store.fragment("a").twins) == [0])
    #expect(try store.fragment("c_ir").twins.isEmpty && (try store.check().isEmpty))
    // The same name again is another sheet, as ever.
    let other = fixture.folder + "/a.png"
    try PNG.write(Bitmap(width: 60, height: 40, filledWith: 99), to: other)
    #expect(try bring([other], into: store) == ["a.png added to a-2"])
  }

  @Test func aRecordThatNamesAFragmentAddsToIt() throws {
    let fixture = try CorpusFixture()
    try PNG.write(Bitmap(width: 60, height: 40, filledWith: 7), to: fixture.folder + "/detail.png")
    try Files.replace(fixture.folder + "/detail.json", with: Array(#"{"id":"p1"}"#.utf8))
    #expect(try bring([fixture.folder + "/detail.png"], into: fixture.store) == ["detail.png added to p1"])
    #expect(try fixture.reopened().fragment("p1").photographs.map(\.file) == ["p1.png", "detail.png"])
  }
}
