import CLinux

package enum CoreDumps {
  /// For a process that holds a secret: its memory stays out of core files, also of those that a program
  /// collects (core_pattern), and closed to other processes of the same user.  Unlike a limit (RLIMIT_CORE)
  /// it ends with exec: commands that we start are not concerned.
  package static func forbid() { _ = apus_forbid_dumps() }
}
