// What a certificate says, in text.

import COpenSSL
import Glibc

package struct CertificateDetails: Hashable, Sendable {
  package var subject = ""
  package var issuer = ""
  package var notBefore = ""
  package var notAfter = ""
  /// The same as RFC 3339 writes it, in UTC.
  package var validFrom = ""
  package var validUntil = ""
  /// From now on; negative when it is over.
  package var daysLeft = 0
  /// Hosts and addresses that it is for.
  package var names: [String] = []
  /// As many of them as a message lists.
  package var shownNames: String {
    names.prefix(Self.mostNames).joined(separator: ", ")
      + (names.count > Self.mostNames ? ", …" : "")
  }
  /// `sha256//` and base64, as `--pin` takes it.
  package var pin = ""

  /// - Parameter certificate: an X509, or nil when there is none.
  init(_ certificate: OpaquePointer?) {
    guard let certificate else { return }
    subject = Self.text { apus_name_print($0, X509_get_subject_name(certificate)) }
    issuer = Self.text { apus_name_print($0, X509_get_issuer_name(certificate)) }
    notBefore = Self.text { ASN1_TIME_print($0, X509_get0_notBefore(certificate)) }
    notAfter = Self.text { ASN1_TIME_print($0, X509_get0_notAfter(certificate)) }
    validFrom = Self.date(X509_get0_notBefore(certificate))
    validUntil = Self.date(X509_get0_notAfter(certificate))
    var days: CInt = 0
    var seconds: CInt = 0
    ASN1_TIME_diff(&days, &seconds, nil, X509_get0_notAfter(certificate))
    // Less than a day over is over.
    daysLeft = days == 0 && seconds < 0 ? -1 : Int(days)
    names = Self.names(of: certificate)
    pin = Self.pin(of: certificate) ?? ""
  }

  /// - Returns: nil when OpenSSL cannot write the key.
  static func pin(of certificate: OpaquePointer) -> String? {
    var text = [UInt8](repeating: 0, count: 45)
    if apus_pin(certificate, &text) != 1 { return nil }
    return "sha256//" + String(decoding: text.dropLast(), as: UTF8.self)
  }

  /// Most names that a message lists, and bytes of one text in it: certificates may be anything.
  private static let mostNames = 8
  private static let mostBytes = 256

  private static func text(_ print: (OpaquePointer) -> CInt) -> String {
    guard let memory = BIO_new(BIO_s_mem()) else { return "" }
    defer { BIO_free(memory) }
    _ = print(memory)
    var start: UnsafeMutablePointer<CChar>?
    let count = apus_bio_text(memory, &start)
    let bytes = UnsafeRawBufferPointer(start: start, count: min(max(0, count), mostBytes))
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func date(_ time: UnsafePointer<ASN1_TIME>?) -> String {
    var parts = tm()
    var text = [CChar](repeating: 0, count: 32)
    guard ASN1_TIME_to_tm(time, &parts) == 1,
      strftime(&text, text.count, "%Y-%m-%dT%H:%M:%SZ", &parts) > 0
    else { return "" }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private static func names(of certificate: OpaquePointer) -> [String] {
    guard let list = X509_get_ext_d2i(certificate, NID_subject_alt_name, nil, nil) else {
      return []
    }
    let stack = OpaquePointer(list)
    defer { apus_names_free(stack) }
    var names: [String] = []
    for index in 0..<max(0, apus_names_count(stack)) {
      var start: UnsafePointer<UInt8>?
      var length: CInt = 0
      let kind = apus_names_at(stack, index, &start, &length)
      let bytes = UnsafeRawBufferPointer(start: start, count: min(Int(length), mostBytes))
      if kind == GEN_DNS { names.append(String(decoding: bytes, as: UTF8.self)) }
      if kind == GEN_IPADD, let address = address(bytes) { names.append(address) }
    }
    return names
  }

  private static func address(_ bytes: UnsafeRawBufferPointer) -> String? {
    let family = bytes.count == 4 ? AF_INET : AF_INET6
    guard bytes.count == 4 || bytes.count == 16, let start = bytes.baseAddress else { return nil }
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    inet_ntop(family, start, &text, socklen_t(text.count))
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
