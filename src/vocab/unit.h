/* Units of text: well-formed code points (or the beginning of one at a token's end), and single bytes that belong to
 * none. Units fall into groups, fine enough for the lexemes of most grammars and few enough for a word of bits. */
#ifndef AK_VOCAB_UNIT_H
#define AK_VOCAB_UNIT_H

#include <stddef.h>
#include <stdint.h>

enum {
    GROUP_UNDERSCORE = 6, /* 0–5: "0", "1"–"9", "a"–"f", "g"–"z", "A"–"F", "G"–"Z" */
    GROUP_SPACE = 7,      /* 8–38: the other printable ASCII characters, each by itself */
    GROUP_TAB = 39,
    GROUP_NEWLINE = 40,
    GROUP_RETURN = 41,
    GROUP_CONTROL = 42, /* the other bytes below a space */
    GROUP_DELETE = 43,
    GROUP_WIDE = 44, /* 44–51: a code point of several bytes, by the first: C2, C3–DF, E0 and E4–EE, E1, E2, E3, EF,
                           * F0–F4. The blanks and line ends that many lexemes leave out are led by C2, E1, E2, E3, EF. */
    GROUP_MALFORMED = 52, /* a byte that belongs to no code point */
    GROUP_COUNT = 53
};
enum { SHORT_UNITS = 16 }; /* most tokens have no more */
#define GROUP_BIT(group) (UINT64_C(1) << (group))

#define GROUPS_WIDE (GROUP_BIT(GROUP_MALFORMED) - GROUP_BIT(GROUP_WIDE))
#define GROUPS_ALL (GROUP_BIT(GROUP_COUNT) - 1)
#define GROUPS_WORD (GROUP_BIT(GROUP_UNDERSCORE + 1) - 1)

/* Sets of groups that leave many lexemes' states as they are. */
typedef enum StockClass {
    STOCK_STRING, /* what needs no escape in a JSON string */
    STOCK_QUOTED, /* the same for single quotes */
    STOCK_LINE,   /* up to the end of the line: comments */
    STOCK_PROSE,  /* words, spaces, full stops, commas, hyphens, code points of several bytes */
    STOCK_WORD,   /* A–Z a–z 0–9 _ : identifiers */
    STOCK_LOWER,  /* a–z 0–9 _ */
    STOCK_COUNT
} StockClass;

extern const uint8_t ak_unit_groups[256];
/* The group of the units that begin with the byte, if they are well-formed. */
static inline unsigned ak_unit_group(uint8_t byte) {
    return ak_unit_groups[byte];
}
/* The unit at the beginning of `length` > 0 bytes: how many it has; its group in `*group`. */
size_t ak_unit_read(const uint8_t *bytes, size_t length, unsigned *group);
uint64_t ak_stock_groups(StockClass class);

/* Well-formed code points of several bytes (Unicode 15, table 3-7): a lead byte, a second, and further ones between
 * 0x80 and 0xBF. */
typedef struct WidePattern {
    uint8_t lead[2], second[2], length;
    uint8_t group;
} WidePattern;
enum { WIDE_PATTERNS = 13 };
extern const WidePattern ak_wide_patterns[WIDE_PATTERNS];
/* The pattern that the byte leads; NULL: none. */
const WidePattern *ak_wide_pattern(uint8_t lead);

#endif
