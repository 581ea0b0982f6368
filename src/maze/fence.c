/* Fences are looked for in the text and not in the tokens: no two tokenizers cut them the same way. */
#include "maze/fence.h"

size_t ak_fence_find(Str text) {
    for (size_t at = 0; at + 3 <= text.length; at++) {
        bool begins_line = at == 0 || text.data[at - 1] == '\n';
        if (begins_line && memcmp(text.data + at, "```", 3) == 0) return at;
    }
    return SIZE_MAX;
}

size_t ak_fence_safe(Str text) {
    size_t at = text.length;
    while (at > 0 && text.data[at - 1] == '`') at--;
    if (text.length - at > 2) return text.length; /* a whole fence, or more: no longer a question */
    return at == 0 || text.data[at - 1] == '\n' ? at : text.length;
}

/* How many bytes a code point has that begins with this one; 0 for bytes that begin none. */
static size_t point_length(unsigned char first) {
    if (first < 0x80) return 1;
    if (first < 0xC2 || first > 0xF4) return 0;
    return first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

size_t ak_fence_whole_points(Str text) {
    for (size_t back = 1; back <= 3 && back <= text.length; back++) {
        unsigned char byte = (unsigned char)text.data[text.length - back];
        if ((byte & 0xC0) == 0x80) continue;
        return point_length(byte) > back ? text.length - back : text.length;
    }
    return text.length;
}
