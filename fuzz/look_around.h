/* What a matcher promises where it stands, for fuzz targets that make one. */
#ifndef AK_FUZZ_LOOK_AROUND_H
#define AK_FUZZ_LOOK_AROUND_H

#include <ananke/matcher.h>
#include <stdlib.h>
#include <string.h>

static inline void verify(bool good) {
    if (!good) abort();
}

/* What a matcher promises where it stands. */
static inline void look_around(ananke_matcher *matcher) {
    uint32_t row[9];
    uint8_t text[256];
    ananke_error err = {0};
    if (!ananke_matcher_fill_mask(matcher, row, 9, &err)) {
        verify(err.message[0] && ananke_matcher_stop_reason(matcher) == ANANKE_STOP_ERROR);
        return;
    }
    for (uint32_t byte = 0; byte < 256; byte += 37) {
        verify((ananke_matcher_validate(matcher, &byte, 1) == 1) == ((row[byte / 32] >> (byte % 32)) & 1));
    }
    size_t length = ananke_matcher_completion(matcher, text, sizeof text);
    if (length > sizeof text - 1 || !ananke_matcher_consume_bytes(matcher, text, length, &err)) return;
    verify(ananke_matcher_is_accepting(matcher) || ananke_matcher_error(matcher));
    ananke_capture captures[8];
    size_t count = ananke_matcher_captures(matcher, captures, 8);
    for (size_t i = 0; i < count && i < 8 && count != SIZE_MAX; i++)
        verify(captures[i].offset + captures[i].length <= length);
}

#endif
