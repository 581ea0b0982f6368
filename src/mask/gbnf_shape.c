/* What the texts of the parts of a GBNF grammar look like.
 *
 * A part is regular when one expression can match it whose texts part by their bytes, as in an LL(1) grammar: two
 * alternatives begin differently (or are code points, or words of a list), and where a part of a sequence may go on,
 * what follows it begins differently. Then `first` and `more` come from those of the parts, and the lexer has at most
 * about as many states as the expression has bytes. Of a sequence AB where B can be empty, a text goes on as the text
 * of A does, or with B; where B cannot be empty, a whole text has one of B's, and goes on as that does. Suppose two
 * texts ab and a'b', one the beginning of the other: if a is shorter than a', then what follows it in the other text
 * is in `more` of A, and b, unless it is empty, begins with it too, which is excluded; so a = a', and b is a beginning
 * of b'. Repetition is a sequence of the same part; that it may be empty is then of no interest, for it can be left
 * out as well. */
#include "base/bitset.h"
#include "base/utf8.h"
#include "mask/gbnf_tree.h"
#include "regex/regex_words.h"
#include <assert.h>

enum { MAX_DEPTH = 1000, MAX_WEIGHT = 20000, MAX_WORDS = 200000, SET_WORDS = 8 };

typedef struct Shaper {
    GbnfFile *file;
    Grammar *grammar;
    uint32_t depth; /* of the rules that are under way */
} Shaper;

static bool burn(Shaper *self, uint64_t steps) {
    return ak_exprs_burn(&self->grammar->exprs, steps);
}

static GbnfNode *body_of(const Shaper *self, const GbnfNode *reference) {
    return self->file->rules.items[reference->rule].body;
}

/* ---- Nullability: the least fixpoint */

static bool is_nullable(const Shaper *self, const GbnfNode *node) {
    switch (node->kind) {
    case GBNF_CLASS:
    case GBNF_TOKENS: return false;
    case GBNF_LITERAL: return node->text.length == 0;
    case GBNF_NAME: return body_of(self, node)->shape.is_nullable;
    case GBNF_REPEAT: return node->min == 0 || node->child->shape.is_nullable;
    case GBNF_SEQUENCE:
        for (const GbnfNode *child = node->child; child; child = child->next) {
            if (!child->shape.is_nullable) return false;
        }
        return true;
    case GBNF_CHOICE:
        for (const GbnfNode *child = node->child; child; child = child->next) {
            if (child->shape.is_nullable) return true;
        }
        return false;
    }
    return false;
}

/* True when this changed something below or at the node. */
static bool spread_nullable(Shaper *self, GbnfNode *node) {
    bool changed = false;
    for (GbnfNode *child = node->child; child; child = child->next) changed = spread_nullable(self, child) || changed;
    bool before = node->shape.is_nullable;
    node->shape.is_nullable = burn(self, 1) && is_nullable(self, node);
    return changed || node->shape.is_nullable != before;
}

/* Passes over the rules in alternating direction: each settles chains that run its way. */
static void find_nullable(Shaper *self) {
    bool changed = true;
    size_t count = self->file->rules.count;
    for (bool forward = true; changed && !self->grammar->exprs.exhausted; forward = !forward) {
        changed = false;
        for (size_t i = 0; i < count; i++) {
            GbnfRule *rule = &self->file->rules.items[forward ? i : count - 1 - i];
            changed = spread_nullable(self, rule->body) || changed;
        }
    }
}

/* ---- Sets and weights */

static bool overlap(const ByteSet *a, const ByteSet *b) {
    for (size_t i = 0; i < SET_WORDS; i++) {
        if (a->words[i] & b->words[i]) return true;
    }
    return false;
}

static void unite(ByteSet *a, const ByteSet *b) {
    ak_bits_or(a->words, b->words, SET_WORDS);
}

static uint32_t capped(uint64_t weight) {
    return weight > MAX_WORDS ? MAX_WORDS + 1 : (uint32_t)weight;
}

/* ---- Shapes, from those of the parts */

static void shape_node(Shaper *self, GbnfNode *node);

/* The first byte of a code point; of a surrogate, which is none, what it would be. */
static unsigned lead_byte(uint32_t point) {
    return point < 0x80      ? point
           : point < 0x800   ? 0xC0 | point >> 6
           : point < 0x10000 ? 0xE0 | point >> 12
                             : 0xF0 | point >> 18;
}

static void shape_class(const GbnfNode *node, GbnfShape *shape) {
    *shape = (GbnfShape){.is_regular = true, .is_point = true, .weight = 1};
    for (size_t i = 0; i < node->range_count; i++) {
        unsigned last = lead_byte(node->ranges[i].last);
        if (last >= 0x80) shape->weight = 4;
        for (unsigned byte = lead_byte(node->ranges[i].first); byte <= last; byte++)
            ak_bits_set(shape->first.words, byte);
    }
}

static void shape_literal(const GbnfNode *node, GbnfShape *shape) {
    uint32_t point;
    Str text = node->text;
    *shape = (GbnfShape){.is_regular = true, .is_words = true, .is_nullable = !text.length};
    shape->is_point = text.length && ak_utf8_decode(text, &point) == text.length;
    shape->weight = capped(text.length + 1); /* one even when it is empty: weight also bounds the count of words */
    if (text.length) ak_bits_set(shape->first.words, (uint8_t)text.data[0]);
}

/* Puts `next` behind what is there. */
static void append(GbnfShape *shape, const GbnfShape *next) {
    shape->is_regular = shape->is_regular && next->is_regular && !overlap(&shape->more, &next->first) &&
                        !(shape->is_nullable && overlap(&shape->first, &next->first));
    if (!next->is_nullable) shape->more = (ByteSet){0};
    else unite(&shape->more, &next->first);
    unite(&shape->more, &next->more);
    if (shape->is_nullable) unite(&shape->first, &next->first);
    shape->is_nullable = shape->is_nullable && next->is_nullable;
    shape->weight = capped((uint64_t)shape->weight + next->weight);
    if (shape->depth <= next->depth) shape->depth = next->depth + 1;
}

static void shape_sequence(const GbnfNode *node, GbnfShape *shape) {
    *shape = (GbnfShape){.is_regular = true, .is_nullable = true};
    if (!node->child) return;
    *shape = node->child->shape;
    shape->is_point = shape->is_words = false;
    for (const GbnfNode *child = node->child->next; child; child = child->next) append(shape, &child->shape);
}

static void shape_repeat(const GbnfNode *node, GbnfShape *shape) {
    const GbnfShape *part = &node->child->shape;
    *shape = *part;
    shape->is_point = shape->is_words = false;
    shape->is_nullable = node->min == 0 || part->is_nullable;
    if (node->max > 1) shape->is_regular = part->is_regular && !overlap(&part->more, &part->first);
    if (node->max > 1 && (node->min < node->max || part->is_nullable)) unite(&shape->more, &part->first);
    uint32_t times = node->max == AK_REPEAT_MANY ? node->min + 1 : node->max;
    shape->weight = capped((uint64_t)part->weight * times);
    shape->depth = part->depth + 1;
}

/* Alternatives that begin alike, but are words: how they go on is known exactly. */
static void shape_words(Shaper *self, const GbnfNode *node, GbnfShape *shape) {
    GbnfWords words = {0};
    shape->more = (ByteSet){0};
    shape->is_regular = ak_gbnf_words(self->file, node, self->grammar->arena, &words) &&
                        ak_words_extensions(words.items, words.count, self->grammar->arena, &shape->more);
}

static void shape_choice(Shaper *self, const GbnfNode *node, GbnfShape *shape) {
    bool are_apart = true;
    *shape = (GbnfShape){.is_regular = true, .is_point = true, .is_words = true};
    for (const GbnfNode *child = node->child; child; child = child->next) {
        const GbnfShape *part = &child->shape;
        are_apart = are_apart && !overlap(&shape->first, &part->first);
        shape->is_regular = shape->is_regular && part->is_regular;
        shape->is_nullable = shape->is_nullable || part->is_nullable;
        shape->is_point = shape->is_point && part->is_point;
        shape->is_words = shape->is_words && part->is_words;
        unite(&shape->first, &part->first);
        unite(&shape->more, &part->more);
        shape->weight = capped((uint64_t)shape->weight + part->weight);
        if (shape->depth <= part->depth) shape->depth = part->depth + 1;
    }
    if (are_apart || !shape->is_regular || shape->is_point) return;
    if (shape->is_words && shape->weight <= MAX_WORDS) shape_words(self, node, shape);
    else shape->is_regular = false;
}

static void shape_rule(Shaper *self, GbnfRule *rule) {
    if (rule->progress != GBNF_SHAPE_UNKNOWN) return;
    rule->progress = GBNF_SHAPE_UNDER_WAY;
    self->depth += rule->body->height + 1;
    shape_node(self, rule->body);
    self->depth -= rule->body->height + 1;
    rule->progress = GBNF_SHAPE_KNOWN;
}

/* A rule that is under way comes back to itself. One that would nest too deeply is taken for irregular here, and looked
 * at by itself later. */
static void shape_name(Shaper *self, const GbnfNode *node, GbnfShape *shape) {
    GbnfRule *rule = &self->file->rules.items[node->rule];
    if (self->depth < MAX_DEPTH) shape_rule(self, rule);
    if (rule->progress != GBNF_SHAPE_KNOWN || !rule->body->shape.is_regular) return;
    *shape = rule->body->shape;
    shape->depth++;
}

static void shape_node(Shaper *self, GbnfNode *node) {
    for (GbnfNode *child = node->child; child; child = child->next) shape_node(self, child);
    GbnfShape *shape = &node->shape;
    bool was_nullable = shape->is_nullable;
    switch (node->kind) {
    case GBNF_CLASS: shape_class(node, shape); break;
    case GBNF_LITERAL: shape_literal(node, shape); break;
    case GBNF_SEQUENCE: shape_sequence(node, shape); break;
    case GBNF_REPEAT: shape_repeat(node, shape); break;
    case GBNF_CHOICE: shape_choice(self, node, shape); break;
    case GBNF_NAME: shape_name(self, node, shape); break;
    case GBNF_TOKENS: break; /* no text: irregular */
    }
    assert(shape->is_nullable == was_nullable || self->grammar->exprs.exhausted || !ak_arena_ok(self->grammar->arena));
    uint32_t limit = shape->is_words ? MAX_WORDS : MAX_WEIGHT;
    if (shape->weight > limit || shape->depth > MAX_DEPTH) shape->is_regular = false;
    if (!shape->is_regular) *shape = (GbnfShape){.is_nullable = was_nullable};
}

bool ak_gbnf_shape(GbnfFile *file, Grammar *grammar) {
    Shaper self = {.file = file, .grammar = grammar};
    find_nullable(&self);
    for (size_t i = 0; i < file->rules.count && burn(&self, 1); i++) shape_rule(&self, &file->rules.items[i]);
    return ak_grammar_ok(grammar, NULL);
}
