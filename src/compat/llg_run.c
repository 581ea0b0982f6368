/* What is forced, and by which tokens.
 *
 * The engine knows the bytes that must follow. They become tokens as the model would write them: together with the token before them, and but for
 * those at the end that the model might have written otherwise, because a longer token spells them with something that may follow. That can only be
 * known of a tokenizer of the caller's; one that takes the longest match forces nothing. */
#include "compat/llg_run.h"
#include <stdlib.h>
#include <string.h>

bool ak_llg_run_begin(Run *run, Grammar *grammar, ananke_error *err) {
    *run = (Run){.grammar = grammar, .matcher = ananke_matcher_new(grammar->program, err)};
    if (run->matcher) return true;
    ak_llg_run_end(run);
    return false;
}

bool ak_llg_run_copy(Run *to, const Run *from, ananke_error *err) {
    *to = (Run){.grammar = ak_llg_grammar_use(from->grammar), .is_stopped = from->is_stopped};
    to->matcher = ananke_matcher_fork(from->matcher, err);
    if (to->matcher && ak_llg_ids_append(&to->tokens, from->tokens.items, from->tokens.count)) return true;
    if (to->matcher) ak_llg_fail_memory(err);
    ak_llg_run_end(to);
    return false;
}

void ak_llg_run_end(Run *run) {
    ananke_matcher_free(run->matcher);
    ak_llg_grammar_leave(run->grammar);
    ak_llg_ids_free(&run->tokens);
    *run = (Run){0};
}

/* ---- Forced tokens. */

static bool append_forced(Run *run, Text *text, ananke_error *err) {
    size_t length = ananke_matcher_forced(run->matcher, NULL, 0);
    uint8_t *bytes = malloc(length + 1);
    bool done = bytes != NULL;
    if (done) {
        ananke_matcher_forced(run->matcher, bytes, length);
        done = ak_llg_text_append(text, bytes, length);
    }
    free(bytes);
    return done || ak_llg_fail_memory(err);
}

/* Keeps the tokens that spell the text, up to the first that does not: a tokenizer may put something before it, or see a special token in it. */
static void keep_spelling(const TokenTable *table, const Text *text, size_t from, Ids *ids) {
    size_t count = 0;
    for (size_t at = from; count < ids->count; count++) {
        uint32_t id = ids->items[count];
        if (id >= table->size || ak_llg_is_special(table->tokens[id])) break;
        TableToken token = table->tokens[id];
        if (token.length > text->length - at || memcmp(text->bytes + at, token.bytes, token.length) != 0) break;
        at += token.length;
    }
    ids->count = count;
}

static size_t spelled_length(const TokenTable *table, const Ids *ids) {
    size_t length = 0;
    for (size_t i = 0; i < ids->count; i++) length += table->tokens[ids->items[i]].length;
    return length;
}

/* Is there a longer token that begins with these bytes, the last `length` of the forced ones, and may come where they begin? */
static bool may_grow(Run *run, const Text *forced, size_t from, size_t end, ananke_error *err, bool *grows) {
    const TokenTable *table = run->grammar->table;
    const uint8_t *bytes = forced->bytes + from;
    size_t length = end - from, first = ak_llg_table_find(table, bytes, length), last = first;
    while (last < table->size && ak_llg_token_starts(table->sorted[last], bytes, length)) last++;
    while (first < last && table->sorted[first].length == length) first++;
    *grows = false;
    if (first == last) return true;
    size_t words = ak_llg_run_words(run);
    uint32_t *row = calloc(words, sizeof *row);
    ananke_matcher *there = row ? ananke_matcher_fork(run->matcher, err) : NULL;
    if (!row) ak_llg_fail_memory(err);
    bool done = there && ananke_matcher_consume_bytes(there, forced->bytes, from, err) &&
                ananke_matcher_fill_mask(there, row, words, err);
    for (size_t i = first; done && !*grows && i < last; i++)
        *grows = row[table->sorted[i].id / 32] >> table->sorted[i].id % 32 & 1;
    ananke_matcher_free(there);
    free(row);
    return done;
}

/* Takes tokens off the end that a longer one might stand for. Looks back over so many tokens as llguidance does. */
static bool chop(Run *run, const Text *forced, Ids *ids, ananke_error *err) {
    enum { LOOK_BACK = 4 };
    const TokenTable *table = run->grammar->table;
    size_t end = spelled_length(table, ids), from = end;
    for (size_t i = ids->count; i > 0 && ids->count - i < LOOK_BACK; i--)
        from -= table->tokens[ids->items[i - 1]].length;
    if (end - from > table->longest) from = end - table->longest;
    for (bool grows = false; from < end; from++) {
        if (!may_grow(run, forced, from, end, err, &grows)) return false;
        if (!grows) continue;
        while (ids->count && end > from) end -= table->tokens[ids->items[--ids->count]].length;
        return true;
    }
    return true;
}

/* The ids of the forced bytes when they follow the last token, if that token stays as it is; else by themselves. */
static bool tokenize_forced(Run *run, const Text *forced, Ids *ids, ananke_error *err) {
    const TokenTable *table = run->grammar->table;
    uint32_t last = run->tokens.count ? run->tokens.items[run->tokens.count - 1] : LLG_NO_TOKEN;
    bool joins = last < table->size && !ak_llg_is_special(table->tokens[last]), done = true;
    if (joins) {
        Text text = {0};
        done = ak_llg_text_append(&text, table->tokens[last].bytes, table->tokens[last].length) &&
               ak_llg_text_append(&text, forced->bytes, forced->length) &&
               ak_llg_tokenize(table, text.bytes, text.length, ids);
        ak_llg_text_free(&text);
        joins = done && ids->count && ids->items[0] == last;
    }
    if (joins) {
        ak_llg_ids_drop_first(ids, 1);
    } else {
        ids->count = 0;
        done = done && ak_llg_tokenize(table, forced->bytes, forced->length, ids);
    }
    if (done) keep_spelling(table, forced, 0, ids);
    return done || ak_llg_fail_memory(err);
}

bool ak_llg_run_forced(Run *run, Ids *ids, ananke_error *err) {
    if (!run->grammar->table->tokenize || run->is_stopped) return true;
    Text forced = {0};
    bool done = append_forced(run, &forced, err);
    if (done && forced.length) done = tokenize_forced(run, &forced, ids, err) && chop(run, &forced, ids, err);
    ak_llg_text_free(&forced);
    return done;
}

/* ---- Steps. */

bool ak_llg_run_mask(Run *run, uint32_t *row, ananke_error *err) {
    size_t words = ak_llg_run_words(run);
    Ids forced = {0};
    bool done = ak_llg_run_forced(run, &forced, err);
    if (done && forced.count) {
        memset(row, 0, words * sizeof *row);
        row[forced.items[0] / 32] |= UINT32_C(1) << forced.items[0] % 32;
    } else {
        done = done && ananke_matcher_fill_mask(run->matcher, row, words, err);
    }
    ak_llg_ids_free(&forced);
    return done;
}

bool ak_llg_row_is_empty(const uint32_t *row, size_t words) {
    for (size_t i = 0; i < words; i++) {
        if (row[i]) return false;
    }
    return true;
}

static bool check_token(const Run *run, uint32_t token, ananke_error *err) {
    return token < run->grammar->table->size || ak_llg_fail(err, ANANKE_ERROR_USAGE, "token id %u out of range", token);
}

bool ak_llg_run_consume(Run *run, uint32_t token, ananke_error *err) {
    if (run->is_stopped) return ak_llg_fail(err, ANANKE_ERROR_USAGE, "the text has ended: no token can be consumed");
    if (!check_token(run, token, err)) return false;
    if (!ak_llg_ids_reserve(&run->tokens, 1)) return ak_llg_fail_memory(err);
    if (!ananke_matcher_consume(run->matcher, token, err)) return false;
    return ak_llg_ids_append(&run->tokens, &token, 1);
}

bool ak_llg_run_check_stop(Run *run) {
    ananke_stop_reason reason = ananke_matcher_stop_reason(run->matcher);
    run->is_stopped = reason == ANANKE_STOP_EOS || reason == ANANKE_STOP_EXHAUSTED || reason == ANANKE_STOP_TOKENS;
    return run->is_stopped;
}

bool ak_llg_run_rollback(Run *run, size_t count, ananke_error *err) {
    if (count > run->tokens.count)
        return ak_llg_fail(err, ANANKE_ERROR_USAGE, "rollback: %zu > %zu", count, run->tokens.count);
    if (count == 0) return true;
    if (!ananke_matcher_rollback(run->matcher, count, err)) return false;
    run->tokens.count -= count;
    run->is_stopped = false;
    return true;
}

/* How many tokens there are up to the first end of text, with it: behind it nothing can come, not even another. */
static size_t count_until_eos(const Ids *eos, const uint32_t *tokens, size_t count) {
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < eos->count; k++) {
            if (tokens[i] == eos->items[k]) return i + 1;
        }
    }
    return count;
}

bool ak_llg_run_validate(Run *run, const uint32_t *tokens, size_t count, size_t *valid, ananke_error *err) {
    *valid = 0;
    if (run->is_stopped || count == 0) return true;
    for (size_t i = 0; i < count; i++) {
        if (!check_token(run, tokens[i], err)) return false;
    }
    *valid = ananke_matcher_validate(run->matcher, tokens, count_until_eos(&run->grammar->table->eos, tokens, count));
    return true;
}
