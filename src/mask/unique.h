/* Arrays of strings that must all differ, where the strings are too many to be listed.
 *
 * JSON's lexemes are told apart by their bytes alone and such an array has no other array in it, so whoever reads a text as one of its items has the
 * same items before it: what has come is a matter of the text, not of how it is parsed. The parser knows nothing of it. A lexeme with the
 * role of an opening begins an array; the value of one with the role of an item joins what has come; and an item that every text that may still follow makes
 * equal to one of those is taken out of the lexer's state. There are always more values than have come, and one of a value's texts is the usual one, without an
 * escape but for quotes, backslashes and control characters: whoever gives the roles sees to it.
 *
 * A place says what has come, and what the pending item spells so far; places are numbers that the engine gives, 0 being outside of all such arrays.
 * A walk leads from a point and a place over bytes. Masks know nothing of all this: unique_mask.h takes from them what is too much. */
#ifndef AK_MASK_UNIQUE_H
#define AK_MASK_UNIQUE_H

#include "base/map.h"
#include "mask/engine.h"
#include "mask/json_spelling.h"
#include "mask/value_sets.h"

/* A place as it is kept. */
typedef struct UniquePlace {
    ValueSet come;
    uint32_t tokens; /* of the pending lexeme (limit.h) */
    uint32_t before; /* the place whose item's value goes on with `text`; 0: it begins with it */
    Str text;
    size_t length; /* of the whole value so far */
    JsonSpelling spelling;
    bool is_inside, is_whole, is_apart; /* as in UniqueSpot, as is this: */
    uint8_t lead;
} UniquePlace;

typedef struct UniqueTokens {
    const uint32_t *ids;
    uint32_t count;
} UniqueTokens;

/* What an engine has for them. */
struct Uniques {
    ValueSets values;
    PAGED(UniquePlace) places;
    UniqueTokens two, three;  /* unique_mask.h's, as is this: */
    Table crossed;            /* by mask */
    uint8_t bytes[256];       /* those of a class, one class after the other, */
    uint16_t class_ends[256]; /* and where each ends */
};

/* Where a walk is. A copy can be gone back to. */
typedef struct UniqueSpot {
    Point point;
    ValueSet come;       /* values of the items before, */
    uint32_t first, end; /* and those that the walk itself has come by: of its values, first … end-1 */
    uint32_t version;    /* on the walk, of what has come */
    size_t longest;      /* bytes of the longest value that has come, or more */
    uint32_t origin;     /* place whose item this one goes on with; 0: it began on the walk */
    size_t known;        /* so many bytes of the origin's value are among these: */
    size_t text, length; /* the value so far, as far as it is known, in the walk's bytes */
    uint64_t
        like; /* a name for the first of the values before that begins like it, unless is_apart: the address of its text, in a set; else its number and one */
    size_t like_length; /* of it */
    JsonSpelling spelling;
    bool is_inside; /* an item is pending, */
    bool is_whole;  /* of which nothing is missing, */
    bool is_apart;  /* and its value is none of those before and does not begin one */
    bool is_less;   /* on the walk an item became equal to one before, and the text goes on as another lexeme */
    uint8_t lead;   /* the first byte of its value, when there is one */
} UniqueSpot;

typedef struct UniqueText {
    size_t first, length; /* in the walk's bytes */
} UniqueText;

typedef struct UniqueTrial {
    UniqueSpot spot;
    Str key;         /* of its outcome */
    unsigned at;     /* the next byte to be tried, in the order of classes */
    bool is_unusual; /* an escape is under way that is not of the search's choosing */
} UniqueTrial;

typedef struct UniqueWalk {
    Engine *engine;
    Fuel *fuel;
    Arena arena;
    UniqueSpot spot;
    VEC(char) bytes;        /* those of earlier spots may be written over when it goes back */
    VEC(UniqueText) values; /* likewise */
    VEC(UniqueTrial) trials;
    uint32_t versions;        /* that were given */
    Map outcomes;             /* of trials, */
    uint32_t outcome_version; /* of that version of what has come */
    bool is_equal;            /* the last byte was refused for making an item equal to one before */
} UniqueWalk;

/* For the engine, whose arena they are in; NULL when out of memory. */
Uniques *ak_uniques_new(Engine *engine);

/* A walk from a place; ak_unique_free when it is over. STEP_SPENT: out of memory. */
Step ak_unique_begin(UniqueWalk *self, Engine *engine, Point point, uint32_t place, Fuel *fuel);
void ak_unique_free(UniqueWalk *self);
/* The number of the place that the walk has come to, where the pending lexeme has had so many tokens. STEP_SPENT: out of memory. */
Step ak_unique_end(UniqueWalk *self, uint32_t tokens, uint32_t *place);
uint32_t ak_unique_tokens(const Engine *engine, uint32_t place);

/* As ak_engine_step, but where a byte cannot be the spot is of no use any more. */
Step ak_unique_step(UniqueWalk *self, UniqueSpot *spot, uint8_t byte);
/* Moves over bytes; `*taken` is how many were accepted. */
Step ak_unique_move(UniqueWalk *self, UniqueSpot *spot, Str bytes, size_t *taken);
/* As ak_engine_step_forced. */
Step ak_unique_step_forced(UniqueWalk *self, UniqueSpot *spot, uint8_t *byte);
/* Something else than a byte led to the point: no item has begun. */
void ak_unique_lead(const UniqueWalk *self, UniqueSpot *spot, Point point);

/* Whether an item has come. */
static inline bool ak_unique_has_come(const UniqueSpot *spot) {
    return spot->come || spot->first < spot->end;
}
/* The first of the values before the spot that begins with the text: a name for it; 0: none does. `*value` is all of it. */
uint64_t ak_unique_like(const UniqueWalk *self, const UniqueSpot *spot, Str text, Str *value);
/* Whether the pending item, alone in the state, has a text that is by more than so many bytes longer than any text of a value before. */
bool ak_unique_outgrows(const UniqueWalk *self, const UniqueSpot *spot, size_t bytes);
/* How long the pending item's value is so far. */
size_t ak_unique_length(const UniqueWalk *self, const UniqueSpot *spot);
/* The value so far of an item that is not apart. */
static inline Str ak_unique_text(const UniqueWalk *self, const UniqueSpot *spot) {
    return spot->length ? (Str){self->bytes.items + spot->text, spot->length} : STR("");
}

#endif
