/* Masks of a programming language over real files: bench_languages LANGUAGE TOKENIZER FILES MOST, FILES being a list of paths, of which MOST are read. What masks
 * and tokens cost, the first file apart, where the engine keeps it, and what could not be read. With ANANKE_COMPARE=N every Nth mask is compared with that of single steps, byte by
 * byte; files are read as the fragment ANANKE_FRAGMENT when there is one. Ends with 1 when a file is refused, or a mask differs. */
#include "base/bitset.h"
#include "base/file.h"
#include "bench.h"
#include "language/registry.h"
#include "mask/mask_find.h"
#include "mask/mask_wide.h"
#include "syntax/language_program.h"
#include "syntax/stacks.h"
#include <string.h>

typedef VEC(double) Times;

typedef struct Bench {
    Arena arena;
    ananke_vocab *vocab;
    ananke_program *program;
    Times masks, first, later, consumed;
    Times known, recalled, made; /* masks, by how they were found */
    uint32_t *row, *naive;
    Point *path;
    unsigned long compare;
    size_t compared, differing, refused;
    ananke_error err;
} Bench;

/* Processor time: masks are worked out by one thread. */
static double cpu_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int compare_times(const void *a, const void *b) {
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static void print_times(const char *name, Times *times) {
    double sum = 0;
    size_t count = times->count;
    if (!count) return;
    for (size_t i = 0; i < count; i++) sum += times->items[i];
    qsort(times->items, count, sizeof *times->items, compare_times);
    printf("%-12s %9zu  mean %8.2f  p50 %6.2f  p90 %7.1f  p99 %8.1f  max %8.0f us\n", name, count, sum / (double)count,
           times->items[count / 2], times->items[count * 9 / 10], times->items[count * 99 / 100],
           times->items[count - 1]);
}

static void naive_mask(Bench *self, Engine *engine, Point point) {
    memset(self->naive, 0, engine->masks.words * sizeof *self->naive);
    Fuel fuel = {.lexer = UINT64_MAX, .parser = UINT64_MAX};
    for (uint32_t id = 0; id < self->vocab->size; id++) {
        Str bytes = ak_vocab_str(self->vocab, id);
        Point at = point;
        size_t i = 0;
        while (i < bytes.length && ak_engine_step(engine, &at, (uint8_t)bytes.data[i], &fuel) == STEP_ALIVE) i++;
        if (bytes.length && i == bytes.length) ak_bits_set(self->naive, id);
    }
    if (ak_engine_may_end(engine, point, &fuel) == STEP_ALIVE) {
        for (size_t i = 0; i < self->vocab->eos_count; i++) ak_bits_set(self->naive, self->vocab->eos[i]);
    }
}

static void compare(Bench *self, Engine *engine, Point point, const char *path, size_t at) {
    size_t extra = 0, missing = 0;
    naive_mask(self, engine, point);
    self->compared++;
    for (uint32_t w = 0; w < engine->masks.words; w++) {
        extra += (size_t)__builtin_popcount(self->row[w] & ~self->naive[w]);
        missing += (size_t)__builtin_popcount(self->naive[w] & ~self->row[w]);
    }
    if (!extra && !missing) return;
    if (self->differing++ < 5) printf("%s:%zu: %zu too many, %zu missing\n", path, at, extra, missing);
}

static void replay(Bench *self, Engine *engine, const char *path, Str text, bool is_first) {
    Fuel fuel = {.lexer = UINT64_MAX, .parser = UINT64_MAX};
    Point point = ak_engine_start(engine);
    size_t at = 0;
    while (at < text.length) {
        uint32_t token;
        uint64_t made = engine->made, recalled = engine->recalled;
        double before = cpu_us();
        uint32_t mask = ak_mask_of(engine, point, &fuel);
        if (!mask) break;
        ak_mask_copy(&engine->masks, ak_mask_get(&engine->masks, mask), self->row);
        double spent = cpu_us() - before;
        ak_vec_push(&self->arena, &self->masks, spent);
        Times *kind = engine->made > made ? &self->made : engine->recalled > recalled ? &self->recalled : &self->known;
        ak_vec_push(&self->arena, kind, spent);
        ak_vec_push(&self->arena, is_first ? &self->first : &self->later, spent);
        if (self->compare && self->masks.count % self->compare == 0) compare(self, engine, point, path, at);
        size_t length = ak_trie_longest(&self->vocab->trie, (Str){text.data + at, text.length - at}, &token);
        bool is_alive = length && ak_bits_get(self->row, token);
        before = cpu_us();
        for (size_t i = 0; is_alive && i < length; i++)
            is_alive = ak_engine_step(engine, &point, (uint8_t)text.data[at + i], &fuel) == STEP_ALIVE;
        ak_vec_push(&self->arena, &self->consumed, cpu_us() - before);
        if (!is_alive) break;
        at += length;
    }
    if (at == text.length && ak_engine_may_end(engine, point, &fuel) == STEP_ALIVE) return;
    self->refused++;
    printf("%s: refused at %zu\n", path, at);
}

/* ---- Where the engine's memory goes */

static void print_room(const char *name, size_t count, size_t bytes, size_t *rest) {
    printf("  %-14s %9zu  %7.2f MB\n", name, count, (double)bytes / 1e6);
    *rest -= bytes < *rest ? bytes : *rest;
}

static void print_table(const char *name, const Table *table, size_t *rest) {
    const TableLines *lines = atomic_load_explicit(&((Table *)table)->lines, memory_order_relaxed);
    size_t bytes = lines ? sizeof *lines + (lines->lines.count + lines->more.count) * sizeof(TableLine) : 0;
    print_room(name, table->count, bytes, rest);
}

static void print_masks(const Engine *engine, size_t *rest) {
    size_t rows = 0, changes = 0, lists = 0, ids = 0, blocked = 0;
    const MaskBlocks *blocks = &engine->masks.blocks;
    for (uint32_t i = 1; i < engine->masks.masks.count; i++) {
        const Mask *mask = ak_mask_get(&engine->masks, i);
        rows += mask->row && !mask->count, changes += mask->row && mask->count, lists += ak_mask_is_list(mask);
        ids += mask->count, blocked += mask->blocks != NULL;
    }
    print_room("rows", rows, rows * engine->masks.words * sizeof(uint32_t), rest);
    print_room("rows of blocks", blocked, blocked * blocks->per_row * sizeof(uint32_t), rest);
    print_room("blocks", blocks->count, blocks->count * sizeof(MaskBlock), rest);
    print_table("block nrs", &blocks->numbers, rest);
    print_room("changes", changes, 0, rest);
    print_room("lists", lists, ids * sizeof(uint32_t), rest);
    print_room("masks", engine->masks.masks.count, engine->masks.masks.count * sizeof(Mask), rest);
}

static void print_lexer(const Dfa *dfa, size_t words, size_t *rest) {
    size_t steps = 0, wide = 0, wide_bytes = 0;
    for (uint32_t i = 1; i < dfa->nodes.count; i++) {
        const DfaNode *node = ak_paged_at(&dfa->nodes, i);
        steps += node->next != NULL;
        for (int v = 0; v < 2; v++) {
            const WideTokens *tokens = node->wide_tokens[v];
            wide += tokens != NULL;
            if (tokens) wide_bytes += 2 * words * sizeof(uint32_t) + tokens->count * (sizeof *tokens->ids + 1);
        }
    }
    print_room("lexer", dfa->nodes.count, dfa->nodes.count * sizeof(DfaNode), rest);
    print_room("transitions", steps, steps * dfa->exprs.class_count * sizeof(DfaState), rest);
    print_room("parts", dfa->parts.count, dfa->parts.count * 2 * sizeof(LexerPart), rest);
    print_room("wide tokens", wide, wide_bytes, rest);
}

static void print_memory(const Engine *engine) {
    size_t rest = engine->arena.used;
    print_masks(engine, &rest);
    print_table("by key", &engine->masks.by_key, &rest);
    print_table("by content", &engine->masks.by_content, &rest);
    print_table("mask lows", &engine->mask_lows, &rest);
    print_room("top places", engine->tops.places.count, engine->tops.places.count * sizeof(TopPlace), &rest);
    print_table("edges", &engine->tops.edges, &rest);
    print_table("known", &engine->tops.known, &rest);
    print_table("step numbers", &engine->tops.step_numbers, &rest);
    print_room("top steps", engine->tops.steps.count, engine->tops.steps.count * sizeof(TopStep), &rest);
    print_room("questions", engine->traces.nodes.count, engine->traces.nodes.count * sizeof(TraceNode), &rest);
    print_room("answers", engine->traces.edges.count, engine->traces.edges.count * sizeof(TraceEdge), &rest);
    print_table("more answers", &engine->traces.more_edges, &rest);
    const Stacks *stacks = engine->pushdown.parser;
    print_room("stacks", stacks->stacks.count, stacks->stacks.count * sizeof(StackNode), &rest);
    print_room("heads", stacks->heads.count, stacks->heads.count * sizeof(HeadsNode), &rest);
    print_room("outlooks", stacks->outlooks.count, stacks->outlooks.count * sizeof(Outlooks), &rest);
    print_table("stack nrs", &stacks->stack_numbers, &rest);
    print_table("steps", &stacks->steps, &rest);
    print_table("semicolons", &stacks->semicolons, &rest);
    print_room("sets", stacks->sets.count, stacks->sets.count * sizeof(uint32_t), &rest);
    print_lexer(&engine->dfa, engine->masks.words, &rest);
    print_room("other", 0, rest, &rest);
}

int main(int count, char **args) {
    static Bench self;
    if (count != 5) return fputs("usage: bench_languages LANGUAGE TOKENIZER FILES MOST\n", stderr), 2;
    self.arena = ak_arena(NULL);
    self.arena.limit = SIZE_MAX;
    const char *compare_every = getenv("ANANKE_COMPARE");
    self.compare = compare_every ? strtoul(compare_every, NULL, 10) : 0;
    Str pack = ak_registry_pack(ak_str(args[1]));
    if (!pack.data && !ak_registry_unknown(ak_str(args[1]), true, &self.err)) fail(&self.err);
    self.vocab = ananke_vocab_load(args[2], NULL, &self.err);
    if (!self.vocab) fail(&self.err);
    ananke_context context = {.memory_limit = (size_t)8 << 30};
    ananke_program_options options = {.context = &context, .fragment = getenv("ANANKE_FRAGMENT")};
    self.program = ak_pack_program(pack, self.vocab, &options, &self.err);
    if (!self.program) fail(&self.err);
    Engine *engine = ak_program_engine(self.program, &self.err);
    engine->budget = (size_t)4 << 30;
    self.row = ak_new_array(&self.arena, uint32_t, engine->masks.words);
    self.naive = ak_new_array(&self.arena, uint32_t, engine->masks.words);
    Str list = ak_file_read(&self.arena, args[3], SIZE_MAX, &self.err);
    if (!list.data) fail(&self.err);
    long most = strtol(args[4], NULL, 10), files = 0;
    char *copy = strdup(list.data);
    for (char *path = strtok(copy, "\n"); path && files < most; path = strtok(NULL, "\n")) {
        Arena scratch = ak_arena(NULL);
        Str text = ak_file_read(&scratch, path, SIZE_MAX, &self.err);
        if (!text.data) fail(&self.err);
        if (text.length < 100000) replay(&self, engine, path, text, files++ == 0);
        ak_arena_free(&scratch);
        if (files == 1 || files == 10 || files == 100 || files == 1000)
            printf("after %ld files: masks %zu, made %llu, recalled %llu, %.1f MB, stacks %u, lexer states %u\n", files,
                   self.masks.count, (unsigned long long)engine->made, (unsigned long long)engine->recalled,
                   (double)engine->arena.used / 1e6, engine->pushdown.kind->count(engine->pushdown.parser),
                   engine->dfa.nodes.count);
    }
    printf("%ld files, %zu refused; masks made %llu, recalled %llu; %.1f MB; compared %zu, differing %zu\n", files,
           self.refused, (unsigned long long)engine->made, (unsigned long long)engine->recalled,
           (double)engine->arena.used / 1e6, self.compared, self.differing);
    print_memory(engine);
    print_times("first file", &self.first);
    print_times("later files", &self.later);
    print_times("known", &self.known);
    print_times("recalled", &self.recalled);
    print_times("made", &self.made);
    print_times("consume", &self.consumed);
    free(copy);
    return self.refused || self.differing;
}
