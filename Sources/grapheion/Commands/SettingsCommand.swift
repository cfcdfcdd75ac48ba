import Workbench

/// `grapheion settings`: the scholar's settings as a file, with all that may be set as comments.
let settingsCommand = Command(
  name: "settings",
  summary: "Print your settings, and all that may be set: keys, colours, editor, defaults",
  operands: "",
  count: 0...0,
  options: [Option("--path", nil, "print where the file lies, or would")],
  example: "mkdir -p ~/.config/grapheion && grapheion settings > ~/.config/grapheion/settings"
) { arguments in
  guard arguments.has("--path") else {
    Console.data(try Settings.load().file, terminator: "")
    return .done
  }
  guard let path = Settings.path else {
    throw Failure(.usage, "settings: there is no home folder; name the file in GRAPHEION_SETTINGS.")
  }
  Console.data(path)
  return .done
}
