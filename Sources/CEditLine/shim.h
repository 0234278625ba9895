// libedit, and what of it takes a variable number of arguments, which Swift cannot call.
#pragma once
#include <histedit.h>
#include <locale.h>

static inline int apus_el_set_client_data(EditLine *el, void *data) {
  return el_set(el, EL_CLIENTDATA, data);
}

static inline void *apus_el_client_data(EditLine *el) {
  void *data = NULL;
  el_get(el, EL_CLIENTDATA, &data);
  return data;
}

static inline int apus_el_set_reader(EditLine *el, int (*read)(EditLine *, wchar_t *)) {
  return el_wset(el, EL_GETCFN, read);
}

static inline int apus_el_set_edit_mode(EditLine *el) { return el_set(el, EL_EDITMODE, 1); }

static inline int apus_el_set_editor(EditLine *el, const char *name) {
  return el_set(el, EL_EDITOR, name);
}

/// True when the keys are those of vi.
static inline int apus_el_is_vi(EditLine *el) {
  const char *name = NULL;
  return el_get(el, EL_EDITOR, &name) == 0 && name != NULL && name[0] == 'v';
}

static inline int apus_el_add_function(
    EditLine *el, const char *name, unsigned char (*function)(EditLine *, int)) {
  return el_set(el, EL_ADDFN, name, name, function);
}

static inline int apus_el_bind(EditLine *el, const char *key, const char *function) {
  return el_set(el, EL_BIND, key, function, NULL);
}

/// In the keys of vi's command mode.
static inline int apus_el_bind_command(EditLine *el, const char *key, const char *function) {
  return el_set(el, EL_BIND, "-a", key, function, NULL);
}

/// A mode of the terminal: `-d` while a line is edited, `-x` otherwise.
static inline int apus_el_set_terminal(EditLine *el, const char *when, const char *mode) {
  return el_set(el, EL_SETTY, when, mode, NULL);
}

static inline int apus_el_set_history(EditLine *el, HistoryW *history) {
  return el_wset(el, EL_HIST, history_w, history);
}

static inline int apus_history_set_size(HistoryW *history, int size) {
  HistEventW event;
  return history_w(history, &event, H_SETSIZE, size);
}

static inline int apus_history_clear(HistoryW *history) {
  HistEventW event;
  return history_w(history, &event, H_CLEAR);
}

static inline int apus_history_enter(HistoryW *history, const wchar_t *line) {
  HistEventW event;
  return history_w(history, &event, H_ENTER, line);
}
