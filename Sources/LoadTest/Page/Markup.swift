import Rendering

/// Pieces of HTML.
enum Markup {
  /// Text from outside: nothing in it is markup, and nothing acts.
  static func text(_ text: String) -> String {
    var escaped = ""
    for character in SafeText.escaped(text.utf8).unicodeScalars {
      switch character {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      default: escaped.unicodeScalars.append(character)
      }
    }
    return escaped
  }

  /// A table whose first column names the rows.
  ///
  /// - Parameter head: nil for a table of names and values.
  static func table(_ caption: String, head: [String]?, _ rows: [[String]]) -> String {
    var table = "<div class=\"scroll\"><table><caption>\(text(caption))</caption>\n"
    if let head {
      let cells = head.map { "<th scope=\"col\">\(text($0))</th>" }.joined()
      table += "<thead><tr>\(cells)</tr></thead>\n"
    }
    table += "<tbody>\n"
    for row in rows {
      let cells = row.dropFirst().map { "<td>\(text($0))</td>" }.joined()
      table += "<tr><th scope=\"row\">\(text(row.first ?? ""))</th>\(cells)</tr>\n"
    }
    return table + "</tbody></table></div>\n"
  }

  static func section(_ title: String, _ content: String) -> String {
    "<section><h2>\(text(title))</h2>\n\(content)</section>\n"
  }

  /// The whole page.  It loads nothing and runs nothing.
  static func page(title: String, _ body: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
    <title>\(text(title))</title>
    <style>
    \(PageStyle.text)
    </style>
    </head>
    <body>
    <main>
    \(body)</main>
    </body>
    </html>

    """
  }
}
