/// Curves over a grid, as SVG.
struct Chart {
  struct Curve {
    var name: String
    /// Parts with gaps between them.
    var parts: [[Point]]
    /// Points that are marked and tell their values to a pointer.
    var marks: [Mark] = []
  }

  struct Point {
    var x: Double
    var y: Double
  }

  struct Mark {
    var point: Point
    var words: String
  }

  let id: String
  let title: String
  /// What somebody who does not see it has to know.
  let summary: String
  let x: Axis
  let y: Axis
  let curves: [Curve]

  private static let width = 900.0
  private static let height = 300.0
  private static let left = 74.0
  private static let right = 16.0
  private static let top = 14.0
  private static let bottom = 46.0

  /// The figure with its legend.
  var figure: String {
    """
    <figure><div class="wide"><svg viewBox="0 0 900 300" role="img" aria-labelledby="\(id)-t \(id)-d">
    <title id="\(id)-t">\(Markup.text(title))</title><desc id="\(id)-d">\(Markup.text(summary))</desc>
    \(grid)\(curves.enumerated().map { path($1, $0) }.joined())</svg></div>
    <ul class="keys">\(curves.enumerated().map { key($1, $0) }.joined())</ul></figure>

    """
  }

  private var grid: String {
    let floor = Self.height - Self.bottom
    var grid = ""
    for tick in y.ticks {
      let place = coordinate(vertical: tick.place)
      grid += line("grid", Self.left, place, Self.width - Self.right, place)
      grid += label(tick.name, Self.left - 8, place, "end", shift: "0.35em")
    }
    for tick in x.ticks {
      let place = coordinate(horizontal: tick.place)
      grid += line("grid", place, Self.top, place, floor)
      let anchor = tick.place > 0.985 ? "end" : "middle"
      grid += label(tick.name, place, floor + 18, anchor)
    }
    grid += line("axis", Self.left, floor, Self.width - Self.right, floor)
    let middle = (Self.left + Self.width - Self.right) / 2
    return grid + label(x.title, middle, Self.height - 8, "middle")
  }

  private func line(_ style: String, _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double)
    -> String
  {
    "<line class=\"\(style)\" x1=\"\(short(x1))\" y1=\"\(short(y1))\" x2=\"\(short(x2))\" "
      + "y2=\"\(short(y2))\"/>\n"
  }

  private func label(
    _ text: String, _ x: Double, _ y: Double, _ anchor: String, shift: String = "0"
  ) -> String {
    "<text x=\"\(short(x))\" y=\"\(short(y))\" dy=\"\(shift)\" text-anchor=\"\(anchor)\">"
      + "\(Markup.text(text))</text>\n"
  }

  private func path(_ curve: Curve, _ index: Int) -> String {
    var way = ""
    for part in curve.parts {
      for (place, point) in part.enumerated() {
        way += "\(place == 0 ? "M" : "L")\(coordinates(point, " "))"
      }
      // A lone point would not show.
      if part.count == 1 { way += "h0.1" }
    }
    var path = "<path class=\"curve s\(index % 4 + 1)\" d=\"\(way)\"/>\n"
    for mark in curve.marks {
      path +=
        "<circle class=\"dot s\(index % 4 + 1)\" r=\"3.5\" cx=\"\(short(x(mark.point)))\" "
        + "cy=\"\(short(y(mark.point)))\"><title>\(Markup.text(mark.words))</title></circle>\n"
    }
    return path
  }

  private func key(_ curve: Curve, _ index: Int) -> String {
    "<li><svg viewBox=\"0 0 36 10\" aria-hidden=\"true\"><path class=\"curve s\(index % 4 + 1)\" "
      + "d=\"M1 5H35\"/></svg>\(Markup.text(curve.name))</li>"
  }

  private func coordinates(_ point: Point, _ separator: String) -> String {
    short(x(point)) + separator + short(y(point))
  }

  private func x(_ point: Point) -> Double { coordinate(horizontal: x.place(point.x)) }
  private func y(_ point: Point) -> Double { coordinate(vertical: y.place(point.y)) }

  private func coordinate(horizontal place: Double) -> Double {
    Self.left + place * (Self.width - Self.left - Self.right)
  }

  private func coordinate(vertical place: Double) -> Double {
    Self.height - Self.bottom - place * (Self.height - Self.top - Self.bottom)
  }

  private func short(_ number: Double) -> String { Decimals.fixed(number, 1) }
}
