import CLinux
import Glibc

/// A file that is in memory only.
enum MemoryFile {
  /// - Returns: its descriptor, at whose beginning reading starts.
  static func make(holding bytes: UnsafeRawBufferPointer) throws(TransportError) -> CInt {
    let file = memfd_create("apus", APUS_MFD_CLOEXEC)
    if file < 0 { throw .system(call: "memfd_create", errno: errno) }
    var offset = 0
    while offset < bytes.count {
      let count = pwrite(file, bytes.baseAddress! + offset, bytes.count - offset, offset)
      if count < 0, errno == EINTR { continue }
      if count <= 0 {
        let fault = TransportError.system(call: "memfd", errno: errno)
        close(file)
        throw fault
      }
      offset += count
    }
    return file
  }
}
