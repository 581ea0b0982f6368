/* The loop: logits, mask, draw, consume, stream, feed; then the end. */
#include "maze/session.h"
#include "base/bitset.h"
#include "base/utf8.h"
#include "maze/fence.h"
#include <assert.h>
#include <stdlib.h>
#include <time.h>

static double now_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static bool is_blank(Str text) {
    return ak_str_trim(text).length == 0;
}

static void end_with(Session *session, const char *stop) {
    session->has_ended = true;
    session->report.stop = stop;
}

/* ---- Streaming ---- */

/* How much of the text is decided: no code point is cut, and what may turn out to be the closing fence is held back. */
static size_t decided(const Session *session) {
    Str text = ak_buf_view(&session->text);
    if (!session->matcher && session->is_fenced) text.length = ak_fence_safe(text);
    return ak_fence_whole_points(text);
}

/* Without a mask a model may say bytes that are no UTF-8. They become question marks, one for each, before anybody sees them. */
static void mend(Session *session, size_t until) {
    if (session->matcher) return;
    for (;;) {
        Str rest = ak_str_slice(ak_buf_view(&session->text), session->mended, until);
        size_t wrong = ak_utf8_invalid(rest);
        if (wrong == SIZE_MAX) break;
        session->text.data[session->mended + wrong] = '?';
        session->mended += wrong;
    }
    session->mended = until;
}

static void stream(Session *session, size_t until) {
    mend(session, until);
    const ananke_generate_options *options = session->options;
    if (!options->text || until <= session->streamed) return;
    bool goes_on = options->text(options->text_data, session->text.data + session->streamed, until - session->streamed);
    session->streamed = until;
    session->is_refused = !goes_on;
    if (!goes_on && !session->has_ended) end_with(session, "stopped by the caller");
}

/* ---- One token ---- */

static bool take(Session *session, uint32_t token, ananke_error *err) {
    double start = now_us();
    if (session->matcher && !ananke_matcher_consume(session->matcher, token, err)) return false;
    if (session->matcher) session->mask_us.items[session->mask_us.count - 1] += now_us() - start;
    size_t length;
    const uint8_t *bytes = ananke_vocab_token(session->model->vocab, token, &length);
    ak_buf_bytes(&session->text, bytes, length);
    if (!ak_arena_ok(session->arena)) return ak_fail_memory(err, session->arena);
    ak_sampler_note(&session->sampler, token);
    session->report.tokens++;
    Mark mark = {token, session->text.length, session->finished};
    return ak_vec_push(session->arena, &session->marks, mark) || ak_fail_memory(err, session->arena);
}

/* Fills the row. May the text end here, the tokens that stop are in it, and a fence always means the end. */
static bool fill_row(Session *session, ananke_error *err) {
    const ananke_model *model = session->model;
    double start = now_us();
    bool done = ananke_matcher_fill_mask(session->matcher, session->row, model->words, err);
    if (!done || !ak_vec_push(session->arena, &session->mask_us, now_us() - start))
        return done && ak_fail_memory(err, session->arena);
    bool may_end = session->finished == session->text.length && session->finished > 0;
    for (size_t i = 0; i < model->words; i++) {
        if (may_end) session->row[i] |= model->stops[i];
        else session->row[i] &= ~model->ends[i];
    }
    for (size_t i = 0; i < session->bans.count; i++) {
        if (session->bans.items[i].at == session->marks.count)
            ak_bits_clear(session->row, session->bans.items[i].token);
    }
    return true;
}

static bool step_masked(Session *session, const float *logits, uint32_t *token, ananke_error *err) {
    Sample sample;
    if (ananke_matcher_is_accepting(session->matcher) && !is_blank(ak_buf_view(&session->text)))
        session->finished = session->text.length;
    if (!fill_row(session, err)) return false;
    if (!ak_sampler_draw(&session->sampler, logits, session->row, &sample))
        return end_with(session, "nothing can follow"), true;
    session->report.interventions += sample.intervened;
    session->masked_mass += sample.masked_mass;
    *token = sample.token;
    if (session->finished != session->text.length || session->finished == 0) return true;
    /* The model would rather stop than go on: a draw of something less likely would only start what nobody asked for. */
    if (ak_bits_get(session->model->stops, sample.first)) *token = sample.first;
    if (ak_bits_get(session->model->ends, *token)) end_with(session, "end of text");
    else if (ak_bits_get(session->model->stops, *token)) end_with(session, "closing fence");
    return true;
}

static bool step_free(Session *session, const float *logits, uint32_t *token, ananke_error *err) {
    Sample sample;
    if (!ak_sampler_draw(&session->sampler, logits, NULL, &sample))
        return ak_fail(err, ANANKE_ERROR_BACKEND, "the model's logits are not numbers");
    *token = sample.token;
    if (ak_bits_get(session->model->ends, *token)) end_with(session, "end of text");
    return true;
}

/* Cuts an unmasked text at the closing fence. */
static void cut_at_fence(Session *session) {
    size_t fence = ak_fence_find(ak_buf_view(&session->text));
    if (fence == SIZE_MAX) return;
    session->text.length = fence;
    session->text.data[fence] = '\0';
    end_with(session, "closing fence");
}

static bool step(Session *session, ananke_error *err) {
    const float *logits = ak_llama_run_logits(&session->run);
    uint32_t token = 0;
    if (!logits) return ak_fail(err, ANANKE_ERROR_BACKEND, "the model gave no logits");
    if (!(session->matcher ? step_masked(session, logits, &token, err) : step_free(session, logits, &token, err)))
        return false;
    if (session->has_ended) return true;
    if (!take(session, token, err)) return false;
    if (!session->matcher && session->is_fenced) cut_at_fence(session);
    stream(session, decided(session));
    if (session->matcher && ananke_matcher_stop_reason(session->matcher) == ANANKE_STOP_EXHAUSTED)
        end_with(session, "nothing can follow");
    int32_t id = (int32_t)token;
    return session->has_ended || ak_llama_run_feed(&session->run, &id, 1, err);
}

/* ---- The end ---- */

/* The shortest completion, in the arena; {NULL, 0} when none was found. */
static Str find_completion(Session *session) {
    size_t length = ananke_matcher_completion(session->matcher, NULL, 0);
    if (length == SIZE_MAX) return (Str){0};
    char *bytes = ak_arena_alloc(session->arena, length + 1, 1);
    if (bytes) ananke_matcher_completion(session->matcher, (uint8_t *)bytes, length + 1);
    return (Str){bytes, bytes ? length : 0};
}

static void complete(Session *session, Str completion) {
    bool fits =
        ananke_matcher_consume_bytes(session->matcher, (const uint8_t *)completion.data, completion.length, NULL);
    if (!fits || !ananke_matcher_is_accepting(session->matcher)) return;
    session->has_completion = true;
    ak_buf_str(&session->text, completion);
    session->report.completed_bytes = (uint32_t)completion.length;
    session->report.complete = true;
}

static void cut(Session *session) {
    session->report.dropped_bytes = (uint32_t)(session->text.length - session->finished);
    session->text.length = session->finished;
    session->text.data[session->finished] = '\0';
    session->report.complete = true;
}

/* Finishes a masked text that ended inside a construct with the smaller change. */
static void finish(Session *session) {
    if (ananke_matcher_is_accepting(session->matcher)) {
        session->report.complete = true;
        return;
    }
    Str completion = find_completion(session);
    size_t lost = session->text.length - session->finished;
    bool can_cut = session->finished > 0;
    if (completion.data && (!can_cut || completion.length < lost)) complete(session, completion);
    if (!session->report.complete && can_cut) cut(session);
}

static int by_value(const void *a, const void *b) {
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static void sum_up(Session *session, double us) {
    ananke_generation_report *report = &session->report;
    if (us > 0) report->tokens_per_second = report->tokens / (us / 1e6);
    size_t count = session->mask_us.count;
    if (count == 0) return;
    double sum = 0, *times = session->mask_us.items;
    qsort(times, count, sizeof *times, by_value);
    for (size_t i = 0; i < count; i++) sum += times[i];
    report->mask_us_avg = sum / (double)count;
    report->mask_us_p50 = times[(count - 1) / 2];
    report->mask_us_p99 = times[(count - 1) * 99 / 100];
    report->mask_us_max = times[count - 1];
    report->masked_mass = session->masked_mass / (double)count;
}

/* ---- Going back */

/* The number of the token to ban: the one at the offset, or one before it for each time that this place has gone wrong again. */
static size_t choose_ban(Session *session, size_t offset) {
    session->depth = session->report.rewinds && session->wrong == offset ? session->depth + 1 : 0;
    session->wrong = offset;
    size_t at = 0;
    while (at + 1 < session->marks.count && session->marks.items[at].end <= offset) at++;
    return at > session->depth ? at - session->depth : 0;
}

/* Bans behind `at` spoke of a text that is gone. */
static bool ban(Session *session, size_t at, ananke_error *err) {
    size_t kept = 0;
    for (size_t i = 0; i < session->bans.count; i++) {
        if (session->bans.items[i].at <= at) session->bans.items[kept++] = session->bans.items[i];
    }
    session->bans.count = kept;
    Ban fresh = {at, session->marks.items[at].token};
    return ak_vec_push(session->arena, &session->bans, fresh) || ak_fail_memory(err, session->arena);
}

/* Text, matcher and sampler as they were before token number `at`. */
static bool take_back(Session *session, size_t at, ananke_error *err) {
    size_t steps = session->marks.count - at + session->has_completion;
    if (!ananke_matcher_rollback(session->matcher, steps, err)) return false;
    session->finished = session->marks.items[at].finished;
    session->text.length = at ? session->marks.items[at - 1].end : 0;
    session->text.data[session->text.length] = '\0';
    session->marks.count = at;
    ak_sampler_forget(&session->sampler);
    for (size_t i = 0; i < at; i++) ak_sampler_note(&session->sampler, session->marks.items[i].token);
    return true;
}

static void stream_again(Session *session) {
    const ananke_generate_options *options = session->options;
    if (session->streamed && options->text) options->text(options->text_data, NULL, 0);
    session->streamed = 0;
}

bool ak_session_rewind(Session *session, size_t offset, ananke_error *err) {
    assert(session->matcher && session->marks.count > 0);
    size_t at = choose_ban(session, offset);
    const TokenIds *prompt = &session->prompt;
    if (!ban(session, at, err) || !take_back(session, at, err)) return false;
    ananke_generation_report *report = &session->report;
    report->tokens = (uint32_t)at;
    report->completed_bytes = report->dropped_bytes = 0;
    report->complete = session->has_completion = session->has_ended = false;
    report->rewinds++;
    stream_again(session);
    int32_t last = at ? (int32_t)session->marks.items[at - 1].token : prompt->items[prompt->count - 1];
    return ak_llama_run_rewind(&session->run, prompt->count + at, last, err);
}

bool ak_session_generate(Session *session, ananke_error *err) {
    double start = now_us();
    if (!session->row) session->row = ak_new_array(session->arena, uint32_t, session->model->words);
    ak_buf_text(&session->text, "");
    if (!ak_arena_ok(session->arena)) return ak_fail_memory(err, session->arena);
    while (!session->has_ended) {
        if (session->report.tokens == session->max_tokens) end_with(session, "token limit");
        else if (!step(session, err)) return false;
    }
    session->us += now_us() - start;
    sum_up(session, session->us);
    if (session->matcher) finish(session);
    stream(session, session->text.length);
    return ak_arena_ok(session->arena) || ak_fail_memory(err, session->arena);
}
