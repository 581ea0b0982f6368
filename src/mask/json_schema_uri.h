/* URI references (RFC 3986) as the identifiers of schemas are written: split, resolved, taken out of their escapes.
 *
 * Nothing is fetched and nothing is normalised but `.` and `..`: two addresses are the same when their bytes are. A base may be relative itself, for a
 * document that has no address; libcurl's URL API knows neither such bases nor `urn:`. All functions are pure. */
#ifndef AK_MASK_JSON_SCHEMA_URI_H
#define AK_MASK_JSON_SCHEMA_URI_H

#include "base/buf.h"

/* The parts of a URI reference, borrowed from its text. A part that is not there has no data; one that is empty has. */
typedef struct Uri {
    Str scheme, authority, path, query, fragment;
} Uri;

Uri ak_uri_split(Str text);
/* What `reference` means in a document at `base`, with its fragment. In the arena; {NULL, 0} when out of memory. */
Str ak_uri_resolve(Arena *arena, Str base, Str reference);
/* The part before `#`, and the part behind it: {NULL, 0} when there is no `#`. */
Str ak_uri_without_fragment(Str text);
Str ak_uri_fragment(Str text);
/* Every %XX as its byte; what is no escape stays. In the arena; {NULL, 0} when out of memory. */
Str ak_uri_unescape(Arena *arena, Str text);

#endif
