#pragma once

/// The words of the command line, as the system keeps them for others to see; nil behind the last.
char *_Nullable *_Nullable apus_words(void);

/// Before the text of one of OpenSSL's errors is asked for.
void apus_load_error_texts(void);

/// Before a key is read that is encrypted with a cipher that goes by its name.
void apus_add_ciphers(void);
