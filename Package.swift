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
    target("JSON"),
    target("Platform", ["CKernels"]),
    target("Leiden"),
    target("Raster", ["Platform", "CPngRows"]),

    // Drawing, reading, learning.
    target("Scribe", ["Raster", "Leiden", "JSON", "Platform"]),
    target("Inference", ["Platform", "CKernels"]),
    target("Training", ["Inference", "CKernels", "Raster", "Scribe", "Platform"]),

    // The store and what goes in and out of it.
    target("Corpus", ["Leiden", "Raster", "Platform", "JSON"]),
    target("Exchange", ["Corpus", "Leiden", "Raster", "Platform", "JSON"]),
    target("Pipeline", ["Corpus", "Inference", "Raster", "Leiden", "Platform", "JSON"]),

    // The screen.
    target("Terminal", ["Platform", "CNcursesw"]),
    target("Workbench", ["Terminal", "Pipeline", "Corpus", "Leiden", "Raster", "Platform"]),

    .executableTarget(
      name: "grapheion",
      dependencies: [
        "Workbench", "Terminal", "Pipeline", "Exchange", "Corpus", "Training", "Inference", "Scribe",
        "Raster", "Leiden", "JSON", "Platform",
      ],
      swiftSettings: swift),

    tests("JSONTests", ["JSON"]),
    tests("PlatformTests", ["Platform", "CKernels"]),
    tests("LeidenTests", ["Leiden"]),
    tests("RasterTests", ["Raster", "Platform"]),
    tests("ScribeTests", ["Scribe", "Raster", "JSON", "Platform"]),
    tests("InferenceTests", ["Inference", "CKernels", "Platform"]),
    tests("TrainingTests", ["Training", "Inference", "CKernels", "Scribe", "Raster", "Platform"]),
    tests("CorpusTests", ["Corpus", "Raster", "Leiden", "JSON", "Platform"]),
    tests("ExchangeTests", ["Exchange", "Corpus", "Leiden", "Raster", "JSON", "Platform"]),
    tests(
      "PipelineTests", ["Pipeline", "Corpus", "Inference", "Scribe", "Raster", "JSON", "Platform"]),
    tests("TerminalTests", ["Terminal", "Platform"]),
    tests(
      "WorkbenchTests", ["Workbench", "Terminal", "Pipeline", "Corpus", "Leiden", "Raster", "Platform"]),
    tests("ProgramTests", ["grapheion", "Corpus", "Inference", "Raster", "JSON", "Platform"]),
  ]
)
