extension Command {
  /// Every subcommand, in the order of the help. Each stands in a file of its own.
  static let all: [Command] = [
    openCommand,
    tourCommand,
    newCommand,
    importCommand,
    describeCommand,
    readCommand,
    transcribeCommand,
    alignCommand,
    statusCommand,
    searchCommand,
    showCommand,
    textsCommand,
    parallelsCommand,
    restoreCommand,
    wordsCommand,
    dateCommand,
    exportCommand,
    evaluateCommand,
    trainCommand,
    lettersCommand,
    tuneCommand,
    leidenCommand,
    scribeCommand,
    modelsCommand,
    checkCommand,
    settingsCommand,
    benchCommand,
    manualCommand,
  ]

  /// What the program asks of itself in another process; not in the help.
  static let inner: [Command] = [workerCommand]
}
