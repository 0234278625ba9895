// `--ack read`: how much of what was written into a pipe its reader has taken out.

import MQTTSession
import Transport

/// Lets messages be acknowledged once the reader of standard output has taken their last byte.
struct ReaderProgress {
  /// Bytes written, and the last acknowledgement that belongs to them; oldest first.
  private var marks: [(end: Int, acknowledgement: Int)] = []
  private var front = 0
  /// When to look again.  A pipe tells when it has room, but not when it is empty.
  private(set) var due: Instant?
  private var pause = shortest

  private static let shortest = Duration.milliseconds(1)
  private static let longest = Duration.milliseconds(50)

  /// - Returns: false while something was not read.
  var isDone: Bool { front == marks.count }

  /// Acknowledges what was read.
  ///
  /// - Throws: when nobody can read it any more.
  mutating func release(
    _ session: inout Session, _ file: borrowing OutputFile
  ) throws(TransportError) {
    let last = session.lastAcknowledgement
    if marks.last.map({ $0.acknowledgement < last }) ?? true, session.holdsAcknowledgements {
      marks.append((file.written, last))
    }
    if isDone { return }
    let begin = front
    let taken = file.written - (try file.unread())
    while front < marks.count, marks[front].end <= taken { front += 1 }
    if front > begin {
      session.releaseAcknowledgements(upTo: marks[front - 1].acknowledgement)
      pause = Self.shortest
    } else {
      pause = min(pause * 2, Self.longest)
    }
    due = isDone ? nil : MonotonicClock.now() + pause
    if isDone || front > 1000 {
      marks.removeFirst(front)
      front = 0
    }
  }
}
