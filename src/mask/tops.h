/* What is known by the top of the parser's stack: masks, and where steps lead.
 *
 * What is below the lowest entry that was looked at while something was found out has no part in it: wherever the entries above are the same, the same is true.
 * They are the path of a trie, from the top down, and what was found out is kept at the place where it ends. So it is known at a node that nobody has been
 * at, without a step of the parser, and nothing is made for places that are passed. (The lowest entry is told by pushdown.h's `low`.) Of a step is known,
 * too, what it takes from the stack and puts on it: so the next one can be asked at a node that nobody has made. One writer adds under a
 * lock; readers take none. */
#ifndef AK_MASK_TOPS_H
#define AK_MASK_TOPS_H

#include "base/paged.h"
#include "mask/pushdown.h"

enum { TOPS_DEPTH = 40, TOPS_PUSHED = 6 };

/* Where a step leads. */
typedef struct TopStep {
    DfaState lexer; /* behind it */
    uint32_t down;  /* entries that are taken, when it is told what becomes of the stack */
    uint32_t pushed[TOPS_PUSHED];
    uint8_t count;         /* of those that are put on it, the top's first */
    uint8_t root;          /* of that node, ak_tops_root */
    bool is_told, is_loop; /* it leads back to its own node */
} TopStep;

/* A place of the trie. Most have one place below, and one answer: those lie here, and a path's places lie side by side. */
typedef struct TopPlace {
    _Atomic uint64_t hints;  /* a bit for each that is asked and known in `known`: most are asked in vain */
    _Atomic uint32_t below;  /* the first place below; 0: none */
    uint32_t symbol;         /* of the entry that leads there; written before it, as the next */
    _Atomic uint32_t answer; /* the first; 0: none */
    uint32_t what;           /* asked */
} TopPlace;

typedef struct Tops {
    PAGED(TopPlace) places; /* place 0 is the root */
    Table edges;            /* place << 32 | symbol, to the other places below */
    Table known;            /* place << 32 | what is asked, to the other answers */
    PAGED(TopStep) steps;   /* all different; step 0 is none */
    Table step_numbers;     /* by hash */
} Tops;

/* The top of a node's stack, as far as it is a path of the trie. */
typedef struct TopPath {
    uint32_t count; /* of the entries; 0: there is no single stack */
    uint32_t root;
    bool is_cut;                                       /* there are entries below */
    uint32_t symbols[TOPS_DEPTH], heights[TOPS_DEPTH]; /* of the entry */
    uint32_t places[TOPS_DEPTH];                       /* behind it; 0: not in the trie when it was last looked for */
} TopPath;

/* What is asked: a mask, by its key but for the node, or the step over an ending. */
static inline uint32_t ak_tops_mask(uint64_t key) {
    return (uint32_t)key | UINT32_C(1) << 31;
}
/* What does not lie on the stack, and whether the text may end, which else nothing need have looked at. */
static inline uint32_t ak_tops_root(const Pushdown *pushdown, ParserNode node) {
    return (node & 3) << 1 | ak_pushdown_is_accepting(pushdown, node);
}

/* Of zeros. False when out of memory. */
bool ak_tops_init(Tops *self, Arena *arena);
void ak_tops_begin(TopPath *path, const Pushdown *pushdown, ParserNode node);
/* The path behind a step that is told. */
void ak_tops_behind(TopPath *path, const TopPath *from, const TopStep *step);
/* The answer, and the height of the lowest entry that it depends on; 0: none is known. Any thread. */
uint32_t ak_tops_find(const Tops *self, TopPath *path, uint32_t what, uint32_t *low);
static inline const TopStep *ak_tops_step(const Tops *self, uint32_t step) {
    return ak_paged_at(&self->steps, step);
}
/* The number of a step, of which all bytes that say nothing are 0; 0 when out of memory. The writer. */
uint32_t ak_tops_number(Tops *self, Arena *arena, const TopStep *step);
/* Keeps an answer, not 0, that depends on no entry below the height `low`; `*is_kept`: that is not too deep. False when out of memory. The writer. */
bool ak_tops_add(Tops *self, Arena *arena, TopPath *path, uint32_t what, uint32_t low, uint32_t answer, bool *is_kept);

#endif
