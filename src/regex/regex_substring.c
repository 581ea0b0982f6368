/* A suffix automaton over the chunks (Blumer et al., https://doi.org/10.1016/0304-3975(85)90157-4): each state is a
 * set of places where the same runs of chunks end, all states accept, and there are less than twice as many as
 * chunks. From the last states to the first each becomes an expression: the empty text, or a chunk and what follows.
 *
 * Along a text that says nothing twice that would nest as deep as the text is long, and nesting is bounded. So the way
 * is cut into pieces of PIECE states: "a beginning of this piece, or all of it and then what follows". Both
 * alternatives begin alike, and the union would factor that out and nest again; so the second is written as itself
 * without a text that it is not, which holds off the factoring until its first byte is read. */
#include "regex/regex_substring.h"
#include "base/map.h"

#define NONE UINT32_MAX
enum { PIECE = 64 };

typedef VEC(uint32_t) Numbers;

typedef struct Edge {
    uint32_t chunk, to, next; /* next: of the same state; NONE */
} Edge;

typedef struct State {
    uint32_t length; /* chunks of the longest run */
    uint32_t link;   /* state of the longest runs' longest end that is another state's; NONE of the first state */
    uint32_t edges;
    Expr expr; /* once built */
} State;

typedef struct Automaton {
    Exprs *exprs;
    Arena *arena;
    const Str *chunks;  /* different ones, by number */
    uint32_t *first_to; /* by chunk: the first state's edge there; NONE */
    VEC(State) states;
    VEC(Edge) edges;
    uint32_t last;
} Automaton;

static bool burn(Automaton *self) {
    if (self->exprs->fuel == 0) self->exprs->exhausted = true;
    else self->exprs->fuel--;
    return !self->exprs->exhausted;
}

/* ---- The automaton */

/* The first state has an edge for each chunk, so that its edges are found by number; others have few. */
static Edge *find_edge(Automaton *self, uint32_t state, uint32_t chunk) {
    if (state == 0) return self->first_to[chunk] == NONE ? NULL : &self->edges.items[self->first_to[chunk]];
    uint32_t at = self->states.items[state].edges;
    while (at != NONE && burn(self) && self->edges.items[at].chunk != chunk) at = self->edges.items[at].next;
    return at == NONE ? NULL : &self->edges.items[at];
}

static bool add_edge(Automaton *self, uint32_t state, uint32_t chunk, uint32_t to) {
    Edge edge = {chunk, to, self->states.items[state].edges};
    if (!burn(self) || !ak_vec_push(self->arena, &self->edges, edge)) return false;
    self->states.items[state].edges = (uint32_t)self->edges.count - 1;
    if (state == 0) self->first_to[chunk] = (uint32_t)self->edges.count - 1;
    return true;
}

static uint32_t add_state(Automaton *self, uint32_t length, uint32_t link) {
    State state = {.length = length, .link = link, .edges = NONE};
    if (!burn(self) || !ak_vec_push(self->arena, &self->states, state)) return NONE;
    return (uint32_t)self->states.count - 1;
}

/* State `from` stands for runs that go on in different ways now: the shorter of them, which end after `state` and the
 * chunk, get a state of their own. */
static uint32_t split(Automaton *self, uint32_t state, uint32_t chunk, uint32_t from) {
    uint32_t fresh = add_state(self, self->states.items[state].length + 1, self->states.items[from].link);
    if (fresh == NONE) return NONE;
    for (uint32_t at = self->states.items[from].edges; at != NONE; at = self->edges.items[at].next) {
        Edge edge = self->edges.items[at];
        if (!add_edge(self, fresh, edge.chunk, edge.to)) return NONE;
    }
    for (Edge *edge; state != NONE && (edge = find_edge(self, state, chunk)) && edge->to == from;
         state = self->states.items[state].link)
        edge->to = fresh;
    self->states.items[from].link = fresh;
    return fresh;
}

static bool append(Automaton *self, uint32_t chunk) {
    uint32_t at = self->last, made = add_state(self, self->states.items[at].length + 1, 0);
    Edge *edge = NULL;
    if (made == NONE) return false;
    for (; at != NONE && !(edge = find_edge(self, at, chunk)); at = self->states.items[at].link) {
        if (!add_edge(self, at, chunk, made)) return false;
    }
    self->last = made;
    if (!edge) return !self->exprs->exhausted;
    uint32_t to = edge->to;
    bool is_whole = self->states.items[at].length + 1 == self->states.items[to].length;
    uint32_t link = is_whole ? to : split(self, at, chunk, to);
    self->states.items[made].link = link;
    return link != NONE && !self->exprs->exhausted;
}

/* ---- Expressions */

static Expr literal(Automaton *self, uint32_t chunk) {
    return ak_expr_literal(self->exprs, self->chunks[chunk]);
}

/* A state that can go on in one way only. */
static const Edge *only_edge(const Automaton *self, uint32_t state) {
    uint32_t at = self->states.items[state].edges;
    return at != NONE && self->edges.items[at].next == NONE ? &self->edges.items[at] : NULL;
}

/* The states from `state` on along only ways, up to one that is the end of a piece or can go on otherwise; in
 * `way`, with that one last. */
static uint32_t walk(const Automaton *self, uint32_t state, uint32_t way[PIECE + 1]) {
    uint32_t count = 0;
    way[count++] = state;
    for (const Edge *edge; count <= PIECE && (edge = only_edge(self, state));) {
        way[count++] = state = edge->to;
        if (self->states.items[state].length % PIECE == 0) break;
    }
    return count;
}

/* "text tail", so that a union does not find out how it begins. */
static Expr hide(Automaton *self, Expr text, uint8_t begin, Expr tail) {
    Expr other = ak_expr_byte(self->exprs, (uint8_t)(begin ^ 1));
    text = ak_expr_and(self->exprs, text, ak_expr_not(self->exprs, other));
    return ak_expr_concat(self->exprs, text, tail);
}

/* The expression of way[0], all of which but the last are states with one way on; that of the last is known. */
static Expr way_expr(Automaton *self, const uint32_t *way, uint32_t count) {
    Exprs *exprs = self->exprs;
    Expr behind = self->states.items[way[count - 1]].expr, begun = AK_EXPR_EMPTY, whole = AK_EXPR_EMPTY;
    bool is_piece = count > 2 && self->states.items[way[count - 1]].length % PIECE == 0;
    for (uint32_t i = count - 1; i-- > 0;) {
        Expr chunk = literal(self, only_edge(self, way[i])->chunk);
        Expr rest = i + 2 < count ? begun : is_piece ? (Expr)AK_EXPR_EMPTY : behind;
        begun = ak_expr_or(exprs, AK_EXPR_EMPTY, ak_expr_concat(exprs, chunk, rest));
        whole = ak_expr_concat(exprs, chunk, whole);
    }
    if (!is_piece) return begun;
    uint8_t begin = (uint8_t)self->chunks[only_edge(self, way[0])->chunk].data[0];
    return ak_expr_or(exprs, begun, hide(self, whole, begin, behind));
}

/* The expression of a state whose ways on are known. */
static Expr fork_expr(Automaton *self, uint32_t state) {
    VEC(Expr) ways = {0};
    bool ok = ak_vec_push(self->arena, &ways, AK_EXPR_EMPTY);
    for (uint32_t at = self->states.items[state].edges; ok && at != NONE; at = self->edges.items[at].next) {
        Edge edge = self->edges.items[at];
        Expr way = ak_expr_concat(self->exprs, literal(self, edge.chunk), self->states.items[edge.to].expr);
        ok = way && ak_vec_push(self->arena, &ways, way);
    }
    return ok ? ak_expr_or_all(self->exprs, ways.items, ways.count) : (Expr)AK_EXPR_FAILED;
}

/* Pushes what is to be built before the state. */
static bool push_needs(Automaton *self, uint32_t state, uint32_t end, Numbers *stack) {
    if (end != state) return self->states.items[end].expr || ak_vec_push(self->arena, stack, end);
    for (uint32_t at = self->states.items[state].edges; at != NONE; at = self->edges.items[at].next) {
        uint32_t to = self->edges.items[at].to;
        if (!self->states.items[to].expr && !ak_vec_push(self->arena, stack, to)) return false;
    }
    return true;
}

/* Depth first from the first state; a state is built when it comes up again with nothing left to do. */
static Expr build(Automaton *self) {
    Numbers stack = {0};
    if (!ak_vec_push(self->arena, &stack, 0)) return AK_EXPR_FAILED;
    while (stack.count) {
        uint32_t state = stack.items[stack.count - 1], way[PIECE + 1], count = walk(self, state, way);
        size_t before = stack.count;
        if (!push_needs(self, state, way[count - 1], &stack)) return AK_EXPR_FAILED;
        if (stack.count > before) continue;
        stack.count--;
        Expr made = count > 1 ? way_expr(self, way, count) : fork_expr(self, state);
        if (!made) return AK_EXPR_FAILED;
        self->states.items[state].expr = made;
    }
    return self->states.items[0].expr;
}

/* ---- The chunks */

/* Numbers the chunks that are different. */
static bool number_chunks(Automaton *self, const Str *chunks, size_t count, uint32_t *numbers, size_t *kept) {
    Map map = {.arena = self->arena};
    Str *different = ak_new_array(self->arena, Str, count);
    self->chunks = different;
    self->first_to = ak_new_array(self->arena, uint32_t, count);
    if (!ak_arena_ok(self->arena)) return false;
    for (size_t i = *kept = 0; i < count; i++) {
        if (chunks[i].length == 0) continue;
        bool is_new;
        uint64_t *number = ak_map_put(&map, chunks[i], &is_new);
        if (!number) return false;
        if (is_new) *number = map.entries.count - 1, different[*number] = chunks[i], self->first_to[*number] = NONE;
        numbers[(*kept)++] = (uint32_t)*number;
    }
    return true;
}

Expr ak_expr_substring(Exprs *exprs, const Str *chunks, size_t count) {
    Automaton self = {.exprs = exprs, .arena = exprs->arena};
    uint32_t *numbers = ak_new_array(exprs->arena, uint32_t, count);
    size_t kept;
    if (!numbers || !number_chunks(&self, chunks, count, numbers, &kept)) return AK_EXPR_FAILED;
    if (add_state(&self, 0, NONE) == NONE) return AK_EXPR_FAILED;
    for (size_t i = 0; i < kept; i++) {
        if (!append(&self, numbers[i])) return AK_EXPR_FAILED;
    }
    return build(&self);
}
