// What becomes of an outbox that cannot be used.

import Outbox

extension Failure {
  /// A damaged outbox is put where nobody writes to it.
  ///
  /// - Parameter lock: ours, if we have it.
  init(_ failure: StoreFailure, _ folder: OutboxFolder, holding lock: SenderLock? = nil) {
    var text = "\(failure)"
    if case .damaged = failure {
      text +=
        folder.setAside(holding: lock).map {
          "; it is set aside as \($0), and the next run begins a new one"
        }
        ?? "; it stays where it is, since another apus uses it"
    }
    self.init(.notStored, text)
  }
}
