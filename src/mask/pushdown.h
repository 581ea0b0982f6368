/* A parser as the engine sees it: a pushdown automaton, whose configurations are numbers.
 *
 * A node is a place between two lexemes: what has been read so far, as far as it matters for what may come. Behind it the lexer is
 * in a start state, which has exactly the lexemes that may come; a step leads over the set of lexemes that ended together to the next node. Two
 * parsers are seen so: Earley's for grammars (parser.h), and generalised LR for programming languages (syntax/stacks.h). Both only grow, and
 * publish the steps that they know in a table that is read without a lock. */
#ifndef AK_MASK_PUSHDOWN_H
#define AK_MASK_PUSHDOWN_H

#include "base/table.h"
#include "mask/dfa.h"

/* NODE_NONE: none, or not known; NODE_DEAD: no text goes on like this, its lexer is DFA_DEAD. */
typedef uint32_t ParserNode;
#define NODE_NONE UINT32_C(0)
#define NODE_DEAD UINT32_MAX

/* An entry of a stack: its symbol tells of the entry alone, `whole` of it and of all that is below. */
typedef struct PushdownEntry {
    uint32_t height; /* above the bottom */
    uint32_t symbol, whole;
    bool is_fork; /* several stacks are below */
} PushdownEntry;

typedef struct PushdownKind {
    /* The node behind the lexemes of the DFA's `ending`; NODE_NONE when memory or fuel is spent. Published in `steps`. The writer's. */
    ParserNode (*scan)(void *parser, ParserNode node, uint32_t ending);
    /* Of a node that was reached: the lexer's state behind it, and whether the text may end there. Any thread's. */
    DfaState (*lexer)(const void *parser, ParserNode node);
    bool (*is_accepting)(const void *parser, ParserNode node);
    /* How many configurations are stored; how many entries a node's stack has, the lowest of several. The writer's; Earley's has no stacks: NULL. */
    uint32_t (*count)(const void *parser);
    uint32_t (*height)(const void *parser, ParserNode node);
    /* NULL: stacks are not told. The entry of the node's stack at `*cursor`, which goes on to the one below; 0 is the top's. False when there is none, or more than
     * one stack. Any thread's. */
    bool (*entry)(const void *parser, ParserNode node, uint32_t *cursor, PushdownEntry *entry);
    /* Likewise: the stack of node `to`, which is behind node `from`, is that one's up to an entry `*down` below its top, and above it has these symbols, the
     * top's first, `most` or less. False when it cannot be told so. Any thread's. */
    bool (*pushed)(const void *parser, ParserNode from, ParserNode to, uint32_t *down, uint32_t *symbols, uint32_t most,
                   uint32_t *count);
    /* Likewise: the height of the lowest entry that a known step depends on, which is found by making it again, unless it was the last one; UINT32_MAX: on none. 0, the
     * bottom's, when fuel is spent. The writer's. */
    uint32_t (*low)(void *parser, ParserNode node, uint32_t ending);
} PushdownKind;

typedef struct Pushdown {
    const PushdownKind *kind;
    void *parser;
    const Table *steps; /* node << 32 | ending, to the node behind it */
    uint64_t *fuel;     /* steps that the parser may still take; the writer's */
    ParserNode start;
} Pushdown;

/* What parsers are made of when they are not of grammar tables. */
typedef struct PushdownSource {
    /* Makes one in the arena, which learns with the DFA. False when out of memory. */
    bool (*open)(Pushdown *self, const void *source, Arena *arena, Dfa *dfa);
    const void *source;
    void (*close)(const void *source); /* NULL: it is not the program's */
    uint32_t shadows;                  /* lexemes from here on are shadows (dfa.h); 0: there are none */
} PushdownSource;

static inline ParserNode ak_pushdown_scan(const Pushdown *self, ParserNode node, uint32_t ending) {
    return self->kind->scan(self->parser, node, ending);
}
static inline DfaState ak_pushdown_lexer(const Pushdown *self, ParserNode node) {
    return self->kind->lexer(self->parser, node);
}
static inline bool ak_pushdown_is_accepting(const Pushdown *self, ParserNode node) {
    return self->kind->is_accepting(self->parser, node);
}
static inline bool ak_pushdown_tells_stacks(const Pushdown *self) {
    return self->kind->entry != NULL;
}
/* NODE_NONE: ask the writer. */
static inline ParserNode ak_pushdown_find(const Pushdown *self, ParserNode node, uint32_t ending) {
    return ak_table_find(self->steps, (uint64_t)node << 32 | ending);
}

#endif
