// The certificate authorities that this system trusts, wherever it keeps them.

import Glibc

/// A static OpenSSL knows one place; distributions have several.
struct SystemAuthorities {
  var files: [String] = []
  var directories: [String] = []

  /// Debian, Arch, Gentoo, Alpine; Fedora; openSUSE; Alpine and the BSDs.
  static let usualFiles = [
    "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
  ]
  static let usualDirectories = ["/etc/ssl/certs", "/etc/pki/tls/certs"]

  /// SSL_CERT_FILE and SSL_CERT_DIR take the place of the usual file and directory.
  ///
  /// A directory of hashed names is looked into when a certificate is needed; a file is read whole,
  /// which takes longer than all the rest of a short run.  So the file is left out where the
  /// directory has everything.
  static func find() -> SystemAuthorities {
    var found = SystemAuthorities()
    let file = variable("SSL_CERT_FILE")
    if let list = variable("SSL_CERT_DIR") {
      found.directories = list.split(separator: ":").map(String.init)
    } else {
      found.directories = usualDirectories.filter(hasHashedNames)
    }
    if let file {
      found.files = [file]
    } else if found.directories.isEmpty || variable("SSL_CERT_DIR") != nil {
      found.files = usualFiles.first { access($0, R_OK) == 0 }.map { [$0] } ?? []
    }
    return found
  }

  /// Where OpenSSL finds a certificate by its subject: `0a1b2c3d.0`.
  static func hasHashedNames(_ directory: String) -> Bool {
    guard let handle = opendir(directory) else { return false }
    defer { closedir(handle) }
    while let entry = readdir(handle) {
      let isHashed = withUnsafeBytes(of: &entry.pointee.d_name) { name in
        name[..<8].allSatisfy { isxdigit(CInt($0)) != 0 } && name[8] == UInt8(ascii: ".")
          && isdigit(CInt(name[9])) != 0
      }
      if isHashed { return true }
    }
    return false
  }

  private static func variable(_ name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }
}
