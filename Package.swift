// swift-tools-version: 6.2
import PackageDescription

// The target graph is the architecture: arrows only point down, from the program to the
// system. `docs/architecture.md` tells the same story in prose.
let swift: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
]
let c: [CSetting] = [.treatAllWarnings(as: .error)]
/// Numeric kernels are compiled with -O3 in every configuration; tests stay fast.
let kernels: [CSetting] = c + [.unsafeFlags(["-O3", "-fno-math-errno", "-fno-trapping-math"])]

func target(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: swift)
}
/// What several suites share.
func support(_ name: String) -> Target { .target(name: name, path: "Tests/\(name)", swiftSettings: swift) }
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies, swiftSettings: swift)
}

let package = Package(
  name: "grapheion",
  products: [.executable(name: "grapheion", targets: ["grapheion"])],
  targets: [
    // The system.
    .systemLibrary(name: "CNcursesw"),
    .systemLibrary(name: "CPng"),
    .target(name: "CPngRows", dependencies: ["CPng"], cSettings: c, linkerSettings: [.linkedLibrary("png")]),
    .target(name: "CKernels", cSettings: kernels),

    // Values and the outside world.
    target("Text"),
    target("XML", ["Text"]),
    target("JSON"),
    target("Leiden", ["Text", "XML"]),
    target("Platform", ["CKernels"]),
    target("Raster", ["Platform", "CPngRows"]),

    // Drawing, reading, learning.
    target("Scribe", ["Raster", "Text", "JSON", "Platform"]),
    target("Inference", ["Text", "Platform", "CKernels"]),
    target("Texts", ["Inference", "Leiden", "Text", "JSON", "Platform"]),
    target("Training", ["Inference", "Raster", "Text", "Platform", "CKernels"]),

    // The store and what goes in and out of it.
    target("Corpus", ["Raster", "Text", "JSON", "Platform"]),
    target("Exchange", ["Corpus", "Leiden", "Raster", "XML", "Text", "JSON", "Platform"]),
    target("Pipeline", ["Corpus", "Inference", "Raster", "Text", "JSON", "Platform"]),

    // The screen.
    target("Terminal", ["Text", "Platform", "CNcursesw"]),
    target("Workbench", ["Terminal", "Pipeline", "Corpus", "Leiden", "Raster", "Text", "Platform"]),

    .executableTarget(
      name: "grapheion",
      dependencies: [
        "Workbench", "Terminal", "Pipeline", "Exchange", "Corpus", "Texts", "Training", "Inference", "Scribe",
        "Raster", "Leiden", "Text", "JSON", "Platform",
      ],
      swiftSettings: swift),

    support("Loopback"),
    tests("ArchitectureTests", []),
    tests("TextTests", ["Text"]),
    tests("XMLTests", ["XML", "Text"]),
    tests("JSONTests", ["JSON"]),
    tests("PlatformTests", ["Platform", "CKernels"]),
    tests("LeidenTests", ["Leiden", "XML", "Text"]),
    tests("RasterTests", ["Raster", "Platform"]),
    tests("ScribeTests", ["Scribe", "Raster", "Text", "JSON"]),
    tests("InferenceTests", ["Inference", "Text", "JSON", "Platform", "CKernels"]),
    tests("TextsTests", ["Texts", "Inference", "Leiden", "JSON", "Platform", "Loopback"]),
    tests("TrainingTests", ["Training", "Inference", "Scribe", "Raster", "CKernels"]),
    tests("CorpusTests", ["Corpus", "Exchange", "Raster", "Text", "JSON", "Platform"]),
    tests("ExchangeTests", ["Exchange", "Corpus", "Leiden", "Raster", "XML", "Text", "JSON", "Platform", "Loopback"]),
    tests("PipelineTests", ["Pipeline", "Corpus", "Inference", "Scribe", "Raster", "Text"]),
    tests("TerminalTests", ["Terminal", "Text"]),
    tests("WorkbenchTests", ["Workbench", "Terminal", "Pipeline", "Corpus", "Raster", "Text", "Platform"]),
    tests(
      "ProgramTests",
      [
        "grapheion", "Terminal", "Corpus", "Exchange", "Inference", "Training", "Scribe", "Raster", "Text", "JSON",
        "Platform",
      ]),
  ]
)
