import Synchronization
import Transport

/// What is brought to a thread from others.
final class Inbox: Sendable {
  struct Arrival {
    let token: Int
    /// When the attempt began, since a client may have given it up and begun another.
    let since: Int64
    let result: Result<Dialled, LoadFault>
  }

  let bell: Bell
  private let arrivals = Mutex<[Parcel]>([])

  /// Streams are handed over whole: nobody else keeps them.
  private struct Parcel: @unchecked Sendable { let arrival: Arrival }

  init() throws(TransportError) { bell = try Bell() }

  func put(_ arrival: Arrival) {
    let parcel = Parcel(arrival: arrival)
    arrivals.withLock { $0.append(parcel) }
    bell.ring()
  }

  func takeAll() -> [Arrival] {
    let parcels = arrivals.withLock { list in
      let all = list
      list = []
      return all
    }
    return parcels.map(\.arrival)
  }
}
