import Glibc

extension Attack {
  /// A call to the system that is made to fail (`Tests/Attack/faults.c`).
  struct Fault {
    var call: String
    /// What it fails with; 0: the process is killed there.
    var errors: [Int32]
    /// About how many of them a command makes: drivers find out as they go.
    var firstGuess = 60

    static let all = [
      Fault(call: "open", errors: [EIO, EMFILE, EACCES, 0]), Fault(call: "pread", errors: [EIO, 0]),
      Fault(call: "read", errors: [EIO]), Fault(call: "write", errors: [ENOSPC, EIO, 0]),
      Fault(call: "rename", errors: [EIO, EROFS, 0]), Fault(call: "fsync", errors: [EIO, 0]),
      Fault(call: "fdatasync", errors: [EIO, 0]), Fault(call: "ftruncate", errors: [EIO]),
      Fault(call: "mmap", errors: [ENOMEM, EIO]),
      // Swift has no way to go on without memory: such a program ends, and must have lost nothing.
      Fault(call: "malloc", errors: [ENOMEM, 0], firstGuess: 20_000),
    ]
  }
}
