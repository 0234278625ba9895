// libedit: keys in, a line out.  It draws into nothing; the screen is Painter's.

import CEditLine
import Glibc

/// What libedit asks while it makes a line of keys.
protocol KeySource: AnyObject {
  /// Waits for the next key.
  ///
  /// - Returns: nil when there is no more line to be made.
  func nextKey() -> UInt32?
  /// A key was pressed that libedit does not know.
  func perform(_ action: EditLine.Action)
}

/// An editor's state and its history.
final class EditLine {
  /// What our own keys do.
  enum Action {
    case complete
    case clearScreen
    case paste
  }

  private let library: OpaquePointer
  private let history: OpaquePointer
  private let nowhere: UnsafeMutablePointer<FILE>
  fileprivate unowned let keys: any KeySource

  /// A character that no keyboard makes; it has `Action.paste` done.
  static let pasteKey: UInt32 = 0x9e

  /// - Returns: nil where there is no memory or the terminal does not do.
  init?(program: String, input: CInt, output: CInt, keys: any KeySource) {
    // libedit asks what a letter is.  The keyboard's UTF-8 we read ourselves.
    if setlocale(LC_CTYPE, "C.UTF-8") == nil { setlocale(LC_CTYPE, "") }
    guard let nowhere = fopen("/dev/null", "r+e") else { return nil }
    guard let history = history_winit() else {
      fclose(nowhere)
      return nil
    }
    guard
      let library = el_init_fd(program, nowhere, nowhere, nowhere, input, output, output)
    else {
      history_wend(history)
      fclose(nowhere)
      return nil
    }
    (self.library, self.history, self.nowhere, self.keys) = (library, history, nowhere, keys)
    _ = apus_el_set_client_data(library, Unmanaged.passUnretained(self).toOpaque())
    _ = apus_el_set_reader(library, readKey)
    _ = apus_history_set_size(history, CInt.max)
    _ = apus_el_set_history(library, history)
    _ = apus_el_set_editor(library, "emacs")
    // ~/.editrc, or the file that EDITRC names.
    el_source(library, nil)
    _ = apus_el_set_edit_mode(library)
    setTerminal()
    bindKeys()
    reserve()
  }

  deinit {
    el_end(library)
    history_wend(history)
    fclose(nowhere)
  }

  // MARK: Setting up

  private func setTerminal() {
    // While a line is edited every key is ours, Ctrl-C too: it comes in its turn among the others.
    for mode in ["-isig", "-ixon", "-icrnl", "-inlcr"] {
      _ = apus_el_set_terminal(library, "-d", mode)
    }
    // Between two lines nothing that is typed is shown: it belongs to the next line.
    for mode in ["-echo", "-icanon"] { _ = apus_el_set_terminal(library, "-x", mode) }
  }

  private func bindKeys() {
    _ = apus_el_add_function(library, "apus-complete") { library, _ in act(library, .complete) }
    _ = apus_el_add_function(library, "apus-clear-screen") { library, _ in
      act(library, .clearScreen)
    }
    _ = apus_el_add_function(library, "apus-paste") { library, _ in act(library, .paste) }
    var bindings = [
      ("^I", "apus-complete"), ("^L", "apus-clear-screen"), ("\\236", "apus-paste"),
      ("^R", "em-inc-search-prev"), ("^S", "em-inc-search-next"),
    ]
    if apus_el_is_vi(library) != 0 {
      _ = apus_el_bind_command(library, "^L", "apus-clear-screen")
      _ = apus_el_bind_command(library, "\\236", "apus-paste")
    } else {
      // What terminals send for Delete, Home, End and Ctrl with an arrow.
      bindings += [
        ("\\e[3~", "ed-delete-next-char"), ("\\e[1~", "ed-move-to-beg"),
        ("\\e[4~", "ed-move-to-end"), ("\\e[1;5C", "em-next-word"), ("\\e[1;5D", "ed-prev-word"),
      ]
    }
    // Where the locale knows no letters beyond ASCII they would be Meta with a key.
    bindings += (0xa0...0xff).map { ("\\" + String($0, radix: 8), "ed-insert") }
    for (key, function) in bindings { _ = apus_el_bind(library, key, function) }
  }

  /// Makes room at once: libedit's search keeps pointers into the line while a longer one replaces it.
  private func reserve() {
    insert([UInt32](repeating: 0x20, count: 2 * Self.longestEntry))
    delete(2 * Self.longestEntry)
  }

  /// In Unicode scalars.  Longer lines are no part of the history.
  static let longestEntry = 4096

  // MARK: The line

  /// The line as it is, with what libedit asks for behind it, and the cursor's place.
  var line: (text: [UInt32], cursor: Int) {
    guard let info = el_wline(library)?.pointee, let start = info.buffer else { return ([], 0) }
    let text = UnsafeBufferPointer(start: start, count: info.lastchar - start)
    return (text.map { UInt32(bitPattern: $0) }, info.cursor - start)
  }

  /// Puts text where the cursor is.
  func insert(_ text: [UInt32]) {
    if text.isEmpty { return }
    el_winsertstr(library, text.map { wchar_t(bitPattern: $0) } + [0])
  }

  /// Takes away what is before the cursor.
  func delete(_ count: Int) {
    if count > 0 { el_deletestr(library, CInt(count)) }
  }

  /// Puts the cursor back into the line.
  ///
  /// In vi mode libedit leaves it before the line's begin after `e` where the line is empty, and behind its end
  /// after `n` that finds nothing, and the next command writes there.
  func mendCursor() {
    guard let info = el_wline(library)?.pointee else { return }
    if info.cursor < info.buffer || info.cursor > info.lastchar { _ = el_cursor(library, 1) }
  }

  /// Makes a line of keys.
  ///
  /// - Returns: nil at the end of the input, and when there were no more keys.
  func read() -> [UInt32]? {
    var count: CInt = 0
    guard let text = el_wgets(library, &count), count > 0 else { return nil }
    var line = UnsafeBufferPointer(start: text, count: Int(count)).map { UInt32(bitPattern: $0) }
    if line.last == 0x0a { line.removeLast() }
    return line
  }

  // MARK: The history

  func setHistory(_ entries: [[UInt32]]) {
    _ = apus_history_clear(history)
    for entry in entries { addToHistory(entry) }
  }

  func addToHistory(_ entry: [UInt32]) {
    _ = apus_history_enter(history, entry.map { wchar_t(bitPattern: $0) } + [0])
  }
}

private func editLine(of library: OpaquePointer?) -> EditLine? {
  library.flatMap { apus_el_client_data($0) }.map {
    Unmanaged<EditLine>.fromOpaque($0).takeUnretainedValue()
  }
}

private func readKey(_ library: OpaquePointer?, _ key: UnsafeMutablePointer<wchar_t>?) -> CInt {
  guard let next = editLine(of: library)?.keys.nextKey() else { return 0 }
  key?.pointee = wchar_t(bitPattern: next)
  return 1
}

private func act(_ library: OpaquePointer?, _ action: EditLine.Action) -> UInt8 {
  editLine(of: library)?.keys.perform(action)
  return UInt8(CC_REFRESH)
}
