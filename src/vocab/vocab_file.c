/* Saving is one table, SECTIONS: what is in the vocabulary, where it lies and how many there are. Loading goes through the same sections and
 * checks them from the ground up: the head, then the tokens' places, then all that holds ids.
 *
 * Texts (patterns, names, what a normaliser puts in) lie in one section and are told by a Span. */
#include "vocab/vocab_file.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "vocab/bpe.h"
#include "vocab/unigram.h"
#include "vocab/views_file.h"
#include "vocab/words.h"
#include <ananke/version.h>
#include <stddef.h>

const SectionsFormat ak_vocab_file_format = {
    .magic = "AKVOCAB\n", .noun = "cached vocabulary", .made_by = ANANKE_VERSION, .version = 3};

static const char *const kinds[] = {"bytes",    "tokens",   "bpe",      "unigram", "wordpiece",    "wordlevel",
                                    "tiktoken", "gguf-bpe", "gguf-spm", "gguf",    "sentencepiece"};

/* Bytes of the section "texts"; length 0 when there is none. */
typedef struct Span {
    uint32_t at, length;
} Span;

enum { NO_ENCODER = 0 }; /* Head.model is an EncoderModel + 1, or this */

enum Flag {
    FLAG_ESCAPES_SPACES = 1 << 0,
    FLAG_BY_CHARACTERS = 1 << 1,
    FLAG_FUSES_UNKNOWN = 1 << 2,
    FLAG_WHOLE_FIRST = 1 << 3,
    FLAG_IN_FLOATS = 1 << 4,
};

typedef struct Head {
    uint32_t size, model, flags;
    uint32_t unknown;       /* the encoder's, AK_TOKEN_NONE when there is none */
    Span kind, unsupported; /* unsupported: of the encoder, empty when text can be encoded */
    double unknown_score;   /* of a unigram model */
    uint32_t longest;       /* of a model of words */
    uint32_t zero;
} Head;
_Static_assert(sizeof(Head) == 48, "no padding: it is written as it lies in memory");

enum Place { PLACE_NORMAL, PLACE_SPLIT, PLACE_CHANGE };

/* A step of normalising or cutting. */
typedef struct Step {
    uint32_t place;   /* PLACE_NORMAL, or where pieces are: PLACE_SPLIT or PLACE_CHANGE */
    uint32_t kind;    /* SplitBehavior of a split, else NormalKind */
    uint32_t inverts; /* of a split: what lies between the matches counts as the match */
    uint32_t literal; /* of a split: the pattern is no regular expression */
    Span from, to;    /* from: also the pattern */
} Step;

/* What a file has besides the vocabulary's own arrays: the encoder's, whatever its model. */
typedef struct Extras {
    Head head;
    Buf texts;
    VEC(Step) steps;
    uint32_t byte_ids[256];
    const BpePair *pairs;
    size_t pair_slots;
    const uint32_t *ranks; /* NULL, or one for each token, as scores */
    const double *scores;
    FlatViews views;
    Trie first, second; /* BPE: tokens that are whole; unigram: pieces; words: starts and rests */
} Extras;

#define TRIE_SECTIONS(X, NAME, tag, trie)                                  \
    X(NAME##_BYTES, tag ".bytes", uint8_t, (trie).bytes, (trie).count)     \
    X(NAME##_ENDS, tag ".ends", uint32_t, (trie).ends, (trie).count)       \
    X(NAME##_TOKENS, tag ".tokens", uint32_t, (trie).tokens, (trie).count) \
    X(NAME##_DEPTHS, tag ".depths", uint16_t, (trie).depths, (trie).count)

/* X(name, tag, type of an item, where the items lie, how many there are), with `vocab` and `extras` in sight. */
#define SECTIONS(X)                                                                              \
    X(HEAD, "head", Head, &extras->head, 1)                                                      \
    X(TEXTS, "texts", char, extras->texts.data, extras->texts.length)                            \
    X(STEPS, "steps", Step, extras->steps.items, extras->steps.count)                            \
    X(EOS, "eos", uint32_t, vocab->eos, vocab->eos_count)                                        \
    X(OFFSETS, "offsets", uint32_t, vocab->offsets, (size_t)vocab->size + 1)                     \
    X(BYTES, "bytes", char, vocab->text, vocab->offsets[vocab->size])                            \
    X(ALIASES, "aliases", uint32_t, vocab->aliases, vocab->size)                                 \
    X(SLOTS, "slots", uint32_t, vocab->slots, vocab->slot_count)                                 \
    X(NAMES, "names", VocabName, vocab->names, vocab->name_count)                                \
    X(NAME_TEXT, "names.text", char, vocab->name_text, vocab->name_bytes)                        \
    TRIE_SECTIONS(X, TRIE, "trie", vocab->trie)                                                  \
    X(VIEWS, "views", uint32_t, extras->views.longer_counts, extras->views.view_count)           \
    X(VIEW_ROWS, "views.rows", uint32_t, extras->views.rows, extras->views.row_words)            \
    X(VIEW_LONGER, "views.longer", uint32_t, extras->views.longer, extras->views.longer_count)   \
    X(VIEW_UNITS, "views.units", uint16_t, extras->views.longer_units, extras->views.unit_count) \
    X(VIEW_TRIES, "views.tries", WalkExtent, extras->views.tries, extras->views.trie_count)      \
    X(VIEW_NODES, "views.nodes", WalkNode, extras->views.nodes, extras->views.node_count)        \
    X(VIEW_IDS, "views.ids", uint32_t, extras->views.ids, extras->views.id_count)                \
    X(VIEW_SETS, "views.sets", uint64_t, extras->views.sets, extras->views.set_count)            \
    X(BYTE_IDS, "byte ids", uint32_t, extras->byte_ids, 256)                                     \
    X(PAIRS, "pairs", BpePair, extras->pairs, extras->pair_slots)                                \
    X(RANKS, "ranks", uint32_t, extras->ranks, extras->ranks ? (size_t)vocab->size : 0)          \
    X(SCORES, "scores", double, extras->scores, extras->scores ? (size_t)vocab->size : 0)        \
    TRIE_SECTIONS(X, FIRST, "first", extras->first)                                              \
    TRIE_SECTIONS(X, SECOND, "second", extras->second)

enum SectionName {
#define AS_NAME(name, tag, Type, items, count) SECTION_##name,
    SECTIONS(AS_NAME) SECTION_COUNT
};

static const Section sections[SECTION_COUNT] = {
#define AS_ROW(name, label, Type, where, number) {.tag = label, .size = sizeof(Type)},
    SECTIONS(AS_ROW)};

const Section *ak_vocab_file_sections(size_t *count) {
    *count = SECTION_COUNT;
    return sections;
}

/* ---- Saving. */

static Span put_text(Extras *extras, Str text) {
    Span span = {(uint32_t)extras->texts.length, (uint32_t)text.length};
    ak_buf_str(&extras->texts, text);
    return span;
}

static Step normal_step(Extras *extras, enum Place place, const NormalStep *normal) {
    bool searches = normal->kind == NORMAL_REPLACE_PATTERN;
    Span from = put_text(extras, searches ? normal->search.pattern : normal->from), to = put_text(extras, normal->to);
    return (Step){.place = place, .kind = normal->kind, .from = from, .to = to};
}

static Step split_step(Extras *extras, const SplitStep *split) {
    if (!split->search.code) return normal_step(extras, PLACE_CHANGE, &split->change);
    Step step = {.place = PLACE_SPLIT, .kind = split->behavior, .inverts = split->invert};
    step.literal = split->search.is_literal;
    step.from = put_text(extras, split->search.pattern);
    return step;
}

static bool put_steps(Extras *extras, const Encoder *encoder, Arena *arena) {
    for (size_t i = 0; i < encoder->normals.count; i++) {
        Step step = normal_step(extras, PLACE_NORMAL, &encoder->normals.items[i]);
        if (!ak_vec_push(arena, &extras->steps, step)) return false;
    }
    for (size_t i = 0; i < encoder->splits.count; i++) {
        Step step = split_step(extras, &encoder->splits.items[i]);
        if (!ak_vec_push(arena, &extras->steps, step)) return false;
    }
    return true;
}

static void put_bpe(Extras *extras, const Bpe *bpe) {
    extras->head.unknown = bpe->unknown;
    if (bpe->by_characters) extras->head.flags |= FLAG_BY_CHARACTERS;
    if (bpe->fuses_unknown) extras->head.flags |= FLAG_FUSES_UNKNOWN;
    if (bpe->whole_first) extras->head.flags |= FLAG_WHOLE_FIRST;
    extras->pairs = bpe->pairs, extras->pair_slots = bpe->pair_slots;
    extras->ranks = bpe->ranks;
    extras->first = bpe->whole;
    memcpy(extras->byte_ids, bpe->byte_ids, sizeof bpe->byte_ids);
}

static void put_unigram(Extras *extras, const Unigram *unigram) {
    extras->head.unknown = unigram->unknown;
    extras->head.unknown_score = unigram->unknown_score;
    if (unigram->in_floats) extras->head.flags |= FLAG_IN_FLOATS;
    extras->scores = unigram->scores;
    extras->first = unigram->pieces;
    memcpy(extras->byte_ids, unigram->byte_ids, sizeof unigram->byte_ids);
}

static void put_words(Extras *extras, const Words *words) {
    extras->head.unknown = words->unknown;
    extras->head.longest = words->longest;
    extras->first = words->starts, extras->second = words->rests;
}

static bool put_encoder(Extras *extras, const Encoder *encoder, Arena *arena) {
    extras->head.model = (uint32_t)encoder->model + 1;
    if (encoder->escapes_spaces) extras->head.flags |= FLAG_ESCAPES_SPACES;
    extras->head.unsupported = put_text(extras, ak_str(encoder->unsupported));
    switch (encoder->model) {
    case ENCODER_BPE: put_bpe(extras, (const Bpe *)encoder); break;
    case ENCODER_UNIGRAM: put_unigram(extras, (const Unigram *)encoder); break;
    case ENCODER_WORDS: put_words(extras, (const Words *)encoder); break;
    }
    return put_steps(extras, encoder, arena);
}

Str ak_vocab_file_content(const ananke_vocab *vocab, Arena *arena, ananke_error *err) {
    Extras *extras = ak_new(arena, Extras);
    if (!extras) return ak_fail_memory(err, arena), (Str){0};
    extras->texts.arena = arena;
    extras->head = (Head){.size = vocab->size, .model = NO_ENCODER, .unknown = AK_TOKEN_NONE};
    extras->head.kind = put_text(extras, ak_str(vocab->kind));
    if (vocab->encoder && !put_encoder(extras, vocab->encoder, arena)) return ak_fail_memory(err, arena), (Str){0};
    if (!ak_arena_ok(arena) || !ak_views_flatten(&vocab->views, arena, &extras->views))
        return ak_fail_memory(err, arena), (Str){0};
    const Section list[SECTION_COUNT] = {
#define AS_DATA(name, tag, Type, items, count) {tag, sizeof(Type), items, count},
        SECTIONS(AS_DATA)};
    return ak_sections_join(&ak_vocab_file_format, list, SECTION_COUNT, arena, err);
}

bool ananke_vocab_save(const ananke_vocab *vocab, const char *path, ananke_error *err) {
    Arena arena = {.allocator = vocab->arena.allocator, .limit = SIZE_MAX};
    Str content = ak_vocab_file_content(vocab, &arena, err);
    bool done = content.data && ak_file_write(path, content, err);
    ak_arena_free(&arena);
    return done;
}

/* ---- Loading. */

typedef struct Load {
    ananke_vocab *vocab;
    Section list[SECTION_COUNT];
    Str content;
    const char *file;
    const Head *head;
    ananke_error *err;
} Load;

static bool fail(Load *load, enum SectionName name, size_t index, const char *what) {
    const SectionsPlace place = {&ak_vocab_file_format, load->content, load->file, &load->list[name], index};
    return ak_sections_fail(&place, what, load->err);
}

/* The items of a section that must have `count` of them; NULL and an error when it has not. */
static const void *take(Load *load, enum SectionName name, size_t count) {
    if (load->list[name].count == count) return load->list[name].items;
    fail(load, name, load->list[name].count, "there should be more, or less");
    return NULL;
}

/* Are all ids tokens, or AK_TOKEN_NONE where that is allowed? Such loops go over millions of items: they gather what is wrong without a branch,
 * and only then look for it. */
static bool check_ids(Load *load, enum SectionName name, bool may_be_none) {
    const uint32_t *ids = load->list[name].items, size = load->head->size;
    size_t count = load->list[name].count, wrong = 0;
    for (size_t i = 0; i < count; i++) wrong += (ids[i] >= size) & !(may_be_none & (ids[i] == AK_TOKEN_NONE));
    for (size_t i = 0; wrong && i < count; i++) {
        if (ids[i] >= size && !(may_be_none && ids[i] == AK_TOKEN_NONE)) return fail(load, name, i, "is no token");
    }
    return true;
}

static bool take_bytes(Load *load, enum SectionName name, size_t index, Span span, Str *bytes) {
    const Section *texts = &load->list[SECTION_TEXTS];
    *bytes = (Str){0};
    if (span.at > texts->count || span.length > texts->count - span.at)
        return fail(load, name, index, "its text lies behind the texts");
    *bytes = ak_str_slice((Str){texts->items, texts->count}, span.at, (size_t)span.at + span.length);
    return true;
}

static bool take_text(Load *load, enum SectionName name, size_t index, Span span, Str *text) {
    if (!take_bytes(load, name, index, span, text)) return false;
    return ak_utf8_invalid(*text) == SIZE_MAX || fail(load, name, index, "its text is not UTF-8");
}

static bool take_head(Load *load) {
    load->head = take(load, SECTION_HEAD, 1);
    if (!load->head) return false;
    if (load->head->size == 0 || load->head->size >= INT32_MAX)
        return fail(load, SECTION_HEAD, 0, "no vocabulary has so many tokens");
    if (load->head->unknown >= load->head->size && load->head->unknown != AK_TOKEN_NONE)
        return fail(load, SECTION_HEAD, 0, "the unknown token is no token");
    Str kind;
    if (!take_text(load, SECTION_HEAD, 0, load->head->kind, &kind)) return false;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (ak_str_equal(kind, ak_str(kinds[i]))) load->vocab->kind = kinds[i];
    }
    load->vocab->size = load->head->size;
    return load->vocab->kind || fail(load, SECTION_HEAD, 0, "the kind is not known");
}

/* ---- Tokens. */

static bool take_tokens(Load *load) {
    uint32_t size = load->head->size;
    const uint32_t *offsets = take(load, SECTION_OFFSETS, (size_t)size + 1);
    if (!offsets) return false;
    if (offsets[0] != 0 || offsets[size] != load->list[SECTION_BYTES].count)
        return fail(load, SECTION_OFFSETS, size, "the tokens are not the bytes that there are");
    for (uint32_t id = 0; id < size; id++) {
        if (offsets[id] > offsets[id + 1]) return fail(load, SECTION_OFFSETS, id, "the token ends before it begins");
    }
    load->vocab->offsets = offsets;
    load->vocab->text = load->list[SECTION_BYTES].items;
    return true;
}

static bool take_eos(Load *load) {
    load->vocab->eos = load->list[SECTION_EOS].items;
    load->vocab->eos_count = load->list[SECTION_EOS].count;
    if (!check_ids(load, SECTION_EOS, false)) return false;
    for (size_t i = 0; i < load->vocab->eos_count; i++) {
        if (ak_vocab_str(load->vocab, load->vocab->eos[i]).length)
            return fail(load, SECTION_EOS, i, "the end of text has bytes");
    }
    return true;
}

static bool take_names(Load *load) {
    const VocabName *names = load->list[SECTION_NAMES].items;
    size_t count = load->list[SECTION_NAMES].count, bytes = load->list[SECTION_NAME_TEXT].count;
    for (size_t i = 0; i < count; i++) {
        if (names[i].id >= load->head->size || (i && names[i].id <= names[i - 1].id))
            return fail(load, SECTION_NAMES, i, "is no token, or comes no later");
        if (names[i].at > bytes || names[i].length > bytes - names[i].at || !names[i].length)
            return fail(load, SECTION_NAMES, i, "its text lies behind the texts, or is empty");
    }
    load->vocab->names = names, load->vocab->name_count = count;
    load->vocab->name_text = load->list[SECTION_NAME_TEXT].items, load->vocab->name_bytes = bytes;
    return true;
}

/* Chains go upwards: none is a ring. */
static bool take_aliases(Load *load) {
    const uint32_t *aliases = take(load, SECTION_ALIASES, load->head->size);
    if (!aliases || !check_ids(load, SECTION_ALIASES, true)) return false;
    for (uint32_t id = 0; id < load->head->size; id++) {
        if (aliases[id] <= id) return fail(load, SECTION_ALIASES, id, "comes no later");
    }
    load->vocab->aliases = aliases;
    return true;
}

static bool is_power_of_two(size_t number) {
    return number && !(number & (number - 1));
}

/* A lookup ends at a free slot: there must be one. */
static bool take_slots(Load *load) {
    const uint32_t *slots = load->list[SECTION_SLOTS].items;
    size_t count = load->list[SECTION_SLOTS].count, used = 0, wrong = 0;
    for (size_t i = 0; i < count; i++) used += slots[i] != 0, wrong += slots[i] > load->head->size;
    for (size_t i = 0; wrong && i < count; i++) {
        if (slots[i] > load->head->size) return fail(load, SECTION_SLOTS, i, "is no token");
    }
    if (!is_power_of_two(count) || used == count)
        return fail(load, SECTION_SLOTS, count, "the table is full, or no power of two long");
    load->vocab->slots = slots, load->vocab->slot_count = count;
    return true;
}

/* ---- Tries. */

/* Is it preorder? `open[d]` is where the node ends that was last seen at depth d. A node begins where its elder sibling ended, or one behind its
 * parent, and ends no later than its parent. */
static bool check_nodes(Load *load, enum SectionName first, const Trie *trie, uint32_t *open) {
    size_t last = 0;
    open[0] = trie->count;
    for (uint32_t i = 0; i < trie->count; i++) {
        size_t depth = trie->depths[i];
        if (depth - 1 > last) return fail(load, first + 3, i, "the node hangs in the air");
        bool is_inside = (trie->ends[i] > i) & (trie->ends[i] <= open[depth - 1]);
        bool is_next = (depth > last) | (open[depth] == i);
        if (!(is_inside & is_next)) return fail(load, first + 1, i, "the node begins or ends within another one");
        open[depth] = trie->ends[i];
        last = depth;
    }
    return !trie->count || open[1] == trie->count || fail(load, first + 1, 0, "the nodes go on behind the last one");
}

/* The trie whose four sections begin with `first`. */
static bool take_trie(Load *load, enum SectionName first, Trie *trie, Arena *scratch) {
    size_t count = load->list[first].count;
    if (count >= UINT32_MAX) return fail(load, first, count, "there are too many nodes");
    *trie = (Trie){.bytes = load->list[first].items, .count = (uint32_t)count};
    trie->ends = take(load, first + 1, count);
    if (!trie->ends || !(trie->tokens = take(load, first + 2, count))) return false;
    trie->depths = take(load, first + 3, count);
    if (!trie->depths || !check_ids(load, first + 2, true)) return false;
    uint32_t *open = ak_new_array(scratch, uint32_t, (size_t)UINT16_MAX + 2);
    if (!open) return ak_fail_memory(load->err, scratch);
    return check_nodes(load, first, trie, open);
}

/* A node is as deep as its token is long. */
static bool take_vocab_trie(Load *load, Arena *scratch) {
    Trie *trie = &load->vocab->trie;
    if (!take_trie(load, SECTION_TRIE_BYTES, trie, scratch)) return false;
    const uint32_t *offsets = load->vocab->offsets, *tokens = trie->tokens;
    const uint16_t *depths = trie->depths;
    uint32_t wrong = 0;
    for (uint32_t i = 0, count = trie->count; i < count; i++) {
        bool is_none = tokens[i] == AK_TOKEN_NONE;
        uint32_t id = is_none ? 0 : tokens[i];
        wrong += !is_none & (offsets[id + 1] - offsets[id] != depths[i]);
    }
    return !wrong || fail(load, SECTION_TRIE_TOKENS, 0, "tokens do not end at their nodes");
}

/* The views' sections hang together so closely that they are checked as one. */
static bool take_views(Load *load, Arena *scratch) {
    const Section *list = load->list;
    const FlatViews flat = {
        list[SECTION_VIEWS].items,      list[SECTION_VIEW_ROWS].items,   list[SECTION_VIEW_LONGER].items,
        list[SECTION_VIEW_UNITS].items, list[SECTION_VIEW_TRIES].items,  list[SECTION_VIEW_NODES].items,
        list[SECTION_VIEW_IDS].items,   list[SECTION_VIEW_SETS].items,   list[SECTION_VIEWS].count,
        list[SECTION_VIEW_ROWS].count,  list[SECTION_VIEW_LONGER].count, list[SECTION_VIEW_UNITS].count,
        list[SECTION_VIEW_TRIES].count, list[SECTION_VIEW_NODES].count,  list[SECTION_VIEW_IDS].count,
        list[SECTION_VIEW_SETS].count,
    };
    const char *problem;
    Views *views = &load->vocab->views;
    if (ak_views_unflatten(views, &flat, &load->vocab->trie, load->head->size, scratch, &problem))
        return ak_views_list_longs(views, load->vocab, &load->vocab->arena, scratch) ||
               ak_fail_memory(load->err, scratch->failed ? scratch : &load->vocab->arena);
    return ak_arena_ok(scratch) ? fail(load, SECTION_VIEWS, 0, problem) : ak_fail_memory(load->err, scratch);
}

/* ---- The encoder. */

/* A character map has no text in `from`. */
static bool take_normal(Load *load, size_t index, const Step *step, NormalStep *normal) {
    *normal = (NormalStep){.kind = (NormalKind)step->kind};
    if (step->kind > NORMAL_CHARSMAP_LONGEST) return fail(load, SECTION_STEPS, index, "the kind of step is not known");
    bool is_map = normal->kind == NORMAL_CHARSMAP || normal->kind == NORMAL_CHARSMAP_LONGEST;
    if (!(is_map ? take_bytes : take_text)(load, SECTION_STEPS, index, step->from, &normal->from)) return false;
    if (!take_text(load, SECTION_STEPS, index, step->to, &normal->to)) return false;
    if (normal->kind == NORMAL_REPLACE && !normal->from.length)
        return fail(load, SECTION_STEPS, index, "there is nothing to replace");
    return true;
}

static bool add_normal(Load *load, size_t index, const Step *step, Encoder *encoder) {
    Arena *arena = &load->vocab->arena;
    NormalStep normal;
    if (!take_normal(load, index, step, &normal)) return false;
    if (normal.kind == NORMAL_REPLACE_PATTERN && !ak_search_open(&normal.search, arena, normal.from, false, load->err))
        return ak_fail_in(load->err, load->file);
    if (ak_vec_push(arena, &encoder->normals, normal)) return true;
    ak_search_close(&normal.search);
    return ak_fail_memory(load->err, arena);
}

/* Only what needs no search changes pieces. */
static bool add_change(Load *load, size_t index, const Step *step, Encoder *encoder) {
    NormalStep change;
    if (!take_normal(load, index, step, &change)) return false;
    if (change.kind == NORMAL_REPLACE_PATTERN) return fail(load, SECTION_STEPS, index, "pieces are not searched");
    return ak_splits_add_change(&encoder->splits, &load->vocab->arena, change, load->err);
}

static bool add_split(Load *load, size_t index, const Step *step, Encoder *encoder) {
    Str pattern;
    if (step->kind > SPLIT_CONTIGUOUS) return fail(load, SECTION_STEPS, index, "the kind of step is not known");
    if (!take_text(load, SECTION_STEPS, index, step->from, &pattern)) return false;
    return ak_splits_add(&encoder->splits, &load->vocab->arena, pattern, step->literal != 0, (SplitBehavior)step->kind,
                         step->inverts != 0, load->err) ||
           ak_fail_in(load->err, load->file);
}

static bool take_steps(Load *load, Encoder *encoder) {
    static bool (*const adders[])(Load *, size_t, const Step *, Encoder *) = {
        [PLACE_NORMAL] = add_normal, [PLACE_SPLIT] = add_split, [PLACE_CHANGE] = add_change};
    const Step *steps = load->list[SECTION_STEPS].items;
    for (size_t i = 0; i < load->list[SECTION_STEPS].count; i++) {
        if (steps[i].place > PLACE_CHANGE) return fail(load, SECTION_STEPS, i, "the kind of step is not known");
        if (!adders[steps[i].place](load, i, &steps[i], encoder)) return false;
    }
    return true;
}

static bool is_pair(const BpePair *pair, uint32_t size) {
    return (pair->left == AK_TOKEN_NONE) | ((pair->left < size) & (pair->right < size) & (pair->merged < size));
}

static bool take_pairs(Load *load, Bpe *bpe) {
    const BpePair *pairs = load->list[SECTION_PAIRS].items;
    size_t count = load->list[SECTION_PAIRS].count, used = 0, wrong = 0;
    if (!count) return true;
    for (size_t i = 0; i < count; i++) {
        used += pairs[i].left != AK_TOKEN_NONE;
        wrong += !is_pair(&pairs[i], load->head->size);
    }
    for (size_t i = 0; wrong && i < count; i++) {
        if (!is_pair(&pairs[i], load->head->size)) return fail(load, SECTION_PAIRS, i, "is no token");
    }
    if (!is_power_of_two(count) || used == count)
        return fail(load, SECTION_PAIRS, count, "the table is full, or no power of two long");
    bpe->pairs = pairs, bpe->pair_slots = count;
    return true;
}

static bool take_byte_ids(Load *load, uint32_t byte_ids[256]) {
    const uint32_t *ids = take(load, SECTION_BYTE_IDS, 256);
    if (!ids || !check_ids(load, SECTION_BYTE_IDS, true)) return false;
    memcpy(byte_ids, ids, 256 * sizeof *ids);
    return true;
}

static bool take_bpe(Load *load, Arena *scratch) {
    Bpe *bpe = ak_bpe_new(load->vocab);
    if (!bpe) return ak_fail_memory(load->err, &load->vocab->arena);
    bpe->unknown = load->head->unknown;
    bpe->by_characters = load->head->flags & FLAG_BY_CHARACTERS;
    bpe->fuses_unknown = load->head->flags & FLAG_FUSES_UNKNOWN;
    bpe->whole_first = load->head->flags & FLAG_WHOLE_FIRST;
    if (load->list[SECTION_RANKS].count && !(bpe->ranks = take(load, SECTION_RANKS, load->head->size))) return false;
    return take_pairs(load, bpe) && take_byte_ids(load, bpe->byte_ids) &&
           take_trie(load, SECTION_FIRST_BYTES, &bpe->whole, scratch);
}

static bool take_unigram(Load *load, Arena *scratch) {
    Unigram *unigram = ak_unigram_new(load->vocab);
    if (!unigram) return ak_fail_memory(load->err, &load->vocab->arena);
    unigram->unknown = load->head->unknown;
    unigram->unknown_score = load->head->unknown_score;
    unigram->in_floats = load->head->flags & FLAG_IN_FLOATS;
    unigram->scores = take(load, SECTION_SCORES, load->head->size);
    return unigram->scores && take_byte_ids(load, unigram->byte_ids) &&
           take_trie(load, SECTION_FIRST_BYTES, &unigram->pieces, scratch);
}

static bool take_words(Load *load, Arena *scratch) {
    Words *words = ak_words_new(load->vocab);
    if (!words) return ak_fail_memory(load->err, &load->vocab->arena);
    words->unknown = load->head->unknown;
    words->longest = load->head->longest;
    return take_trie(load, SECTION_FIRST_BYTES, &words->starts, scratch) &&
           take_trie(load, SECTION_SECOND_BYTES, &words->rests, scratch);
}

static bool take_model(Load *load, Arena *scratch) {
    switch (load->head->model - 1) {
    case ENCODER_BPE: return take_bpe(load, scratch);
    case ENCODER_UNIGRAM: return take_unigram(load, scratch);
    case ENCODER_WORDS: return take_words(load, scratch);
    default: return fail(load, SECTION_HEAD, 0, "the kind of encoder is not known");
    }
}

static bool take_encoder(Load *load, Arena *scratch) {
    if (load->head->model == NO_ENCODER) return true;
    if (!take_model(load, scratch)) return false;
    Encoder *encoder = load->vocab->encoder;
    encoder->escapes_spaces = load->head->flags & FLAG_ESCAPES_SPACES;
    Str unsupported;
    if (!take_text(load, SECTION_HEAD, 0, load->head->unsupported, &unsupported)) return false;
    if (unsupported.length && !(encoder->unsupported = ak_arena_str(&load->vocab->arena, unsupported).data))
        return ak_fail_memory(load->err, &load->vocab->arena);
    return take_steps(load, encoder);
}

/* ---- All of it. */

static bool take_all(Load *load, Arena *scratch) {
    memcpy(load->list, sections, sizeof sections);
    return ak_sections_split(&ak_vocab_file_format, load->list, SECTION_COUNT, load->content, load->file, load->err) &&
           take_head(load) && take_tokens(load) && take_eos(load) && take_names(load) && take_aliases(load) &&
           take_slots(load) && take_vocab_trie(load, scratch) && take_views(load, scratch) &&
           take_encoder(load, scratch);
}

/* Fills a new vocabulary; frees it on failure. */
static ananke_vocab *fill(ananke_vocab *vocab, Str content, const char *file, ananke_error *err) {
    Load load = {.vocab = vocab, .content = content, .file = file, .err = err};
    Arena scratch = {.allocator = vocab->arena.allocator, .limit = SIZE_MAX};
    bool done = take_all(&load, &scratch);
    ak_arena_free(&scratch);
    if (done) return vocab;
    ananke_vocab_free(vocab);
    return NULL;
}

bool ak_vocab_file_is(Str content) {
    return ak_sections_is(&ak_vocab_file_format, content);
}

ananke_vocab *ak_vocab_file_read(Str content, const char *file, const ananke_context *context, ananke_error *err) {
    ananke_vocab *vocab = ak_vocab_empty(context, err);
    if (!vocab) return NULL;
    Str copy = ak_arena_str(&vocab->arena, content);
    if (copy.data) return fill(vocab, copy, file, err);
    ak_fail_memory(err, &vocab->arena);
    ananke_vocab_free(vocab);
    return NULL;
}

ananke_vocab *ak_vocab_file_map(const char *path, const ananke_context *context, ananke_error *err) {
    ananke_vocab *vocab = ak_vocab_empty(context, err);
    if (!vocab) return NULL;
    if (ak_file_map(&vocab->map, path, err)) return fill(vocab, vocab->map.content, path, err);
    ananke_vocab_free(vocab);
    return NULL;
}
