/* Checking: every observation of every file is judged by every constraint whose scope the file is in. */
#include "clew/check.h"
#include "base/log.h"
#include "base/utf8.h"
#include "clew/findings.h"
#include "clew/judge.h"

typedef struct Checker {
    ananke_findings *findings;
    Arena *arena; /* the findings' */
    Reader *reader;
    const ananke_context *context;
    ananke_error *err;
    const Language *language; /* the judges below are for it */
    Judge *judges;            /* by constraint */
    const char **evidence;    /* by constraint */
    uint32_t *active;         /* the constraints that hold for the file at hand */
    size_t active_count;
} Checker;

static bool no_memory(Checker *self) {
    return ak_fail_memory(self->err, self->arena);
}

/* ---- Scopes */

static bool speaks_of(const Constraint *constraint, const Language *language) {
    return !constraint->view.language[0] || ak_str_equal(ak_str(constraint->view.language), language->name);
}

/* ---- Judges for a language, the active ones for a file */

static bool use_language(Checker *self, const Language *language) {
    if (self->language == language) return true;
    const ananke_constraints *set = self->findings->constraints;
    self->language = language;
    for (size_t i = 0; i < set->count; i++) {
        const Constraint *it = &set->items[i];
        self->judges[i] = (Judge){0};
        if (!speaks_of(it, language)) continue;
        const Vocabulary *vocabulary = ak_reader_vocabulary(self->reader, language);
        if (!ak_judge_new(&self->judges[i], &self->reader->arena, it->kind, it->about, it->parameters, language,
                          vocabulary, self->err))
            return false;
    }
    return true;
}

static void choose_active(Checker *self, const SourceFile *file) {
    const ananke_constraints *set = self->findings->constraints;
    self->active_count = 0;
    for (size_t i = 0; i < set->count; i++) {
        if (!self->judges[i].test || !ak_constraint_covers(&set->items[i], file->path, file->relative)) continue;
        self->active[self->active_count++] = (uint32_t)i;
        self->findings->is_checked[i] = true;
    }
}

/* ---- Violations */

/* Columns count from the line's start in bytes; SARIF wants code points. */
static uint32_t points(Str source, size_t offset, uint32_t column) {
    return (uint32_t)ak_utf8_count(ak_str_slice(source, offset - (column - 1), offset)) + 1;
}

static const char *evidence_of(Checker *self, size_t index) {
    const Constraint *it = &self->findings->constraints->items[index];
    if (self->evidence[index]) return self->evidence[index];
    Buf buf = {.arena = self->arena};
    if (it->view.support) {
        const char *unit = it->about->per_file ? "files" : "places";
        ak_buf_format(&buf, "followed in %u of %u %s", it->view.support - it->view.exception_count, it->view.support,
                      unit);
        if (it->evidence_count)
            ak_buf_format(&buf, ", for example %s:%u", it->evidence[0].file.data, it->evidence[0].line);
    } else {
        ak_buf_text(&buf, "a rule that was written down, not mined");
    }
    return self->evidence[index] = ak_buf_view(&buf).data;
}

static bool add_violation(Checker *self, size_t index, const Observation *seen, const Facts *facts, const char *file) {
    const Constraint *it = &self->findings->constraints->items[index];
    const Vocabulary *vocabulary = ak_reader_vocabulary(self->reader, self->language);
    Str variant =
        ak_str_equal(it->kind->test, STR("variant")) ? ak_intern_str(&vocabulary->variants, seen->variant) : STR("");
    KindWord words[] = {{STR("text"), ak_observation_text(seen, facts->source)}, {STR("variant"), variant}};
    Str message = ak_kind_text(self->arena, it->about->violation, it->kind, it->parameters, words, 2);
    Violation violation = {
        .view = {.place = {file, seen->line, seen->column, seen->end_line, seen->end_column},
                 .constraint = it->view.id,
                 .severity = it->view.severity,
                 .message = message.data,
                 .evidence = evidence_of(self, index)},
        .constraint = it,
        .column_points = points(facts->source, seen->start, seen->column),
        .end_column_points = points(facts->source, seen->end, seen->end_column),
    };
    return ak_vec_push(self->arena, &self->findings->items, violation) || no_memory(self);
}

static bool check_file(Checker *self, const Facts *facts) {
    ananke_check_summary *summary = &self->findings->summary;
    if (facts->skipped) return summary->skipped++, true;
    summary->files++;
    summary->bytes += facts->source.length;
    summary->error_bytes += facts->error_bytes;
    if (!use_language(self, facts->file->language)) return false;
    choose_active(self, facts->file);
    const char *file = ak_arena_str(self->arena, facts->file->path).data;
    if (!file) return no_memory(self);
    for (size_t i = 0; i < facts->observations.count; i++) {
        const Observation *seen = &facts->observations.items[i];
        for (size_t a = 0; a < self->active_count; a++) {
            const Judge *judge = &self->judges[self->active[a]];
            if (ak_judge(judge, seen, facts->source) != VERDICT_BREAKS) continue;
            if (!add_violation(self, self->active[a], seen, facts, file)) return false;
        }
    }
    return true;
}

static bool check_all(Checker *self, const Facts *facts, size_t count) {
    ananke_findings *findings = self->findings;
    size_t rules = findings->constraints->count;
    self->judges = ak_new_array(&self->reader->arena, Judge, rules);
    self->active = ak_new_array(&self->reader->arena, uint32_t, rules);
    self->evidence = ak_new_array(&self->reader->arena, const char *, rules);
    findings->is_checked = ak_new_array(self->arena, bool, rules);
    if (!self->judges || !self->active || !self->evidence) return ak_fail_memory(self->err, &self->reader->arena);
    if (!findings->is_checked) return no_memory(self);
    for (size_t i = 0; i < count; i++) {
        if (ak_is_cancelled(self->context, self->err) || !check_file(self, &facts[i])) return false;
        ak_progress(self->context, "check", i + 1, count);
    }
    for (size_t i = 0; i < rules; i++) findings->summary.checked_constraints += findings->is_checked[i];
    return true;
}

/* ---- Files and texts */

static bool check_paths(Checker *self, const char *const *paths, size_t path_count) {
    SourceFiles files;
    Reader *reader = self->reader;
    if (!ak_walk(&files, &reader->arena, &reader->languages, paths, path_count, self->context, self->err)) return false;
    Facts *facts = ak_new_array(&reader->arena, Facts, files.count);
    if (!facts) return ak_fail_memory(self->err, &reader->arena);
    if (!ak_reader_run(reader, files.items, files.count, facts, self->err)) return false;
    self->findings->summary.skipped = files.skipped;
    if (!check_all(self, facts, files.count)) return false;
    ananke_check_summary *summary = &self->findings->summary;
    return summary->files || ak_walk_fail_empty(&reader->languages, paths, path_count, summary->skipped, self->err);
}

static bool check_text(Checker *self, const char *name, Str text) {
    SourceFile file = {.path = ak_str(name), .relative = ak_str(name)};
    Facts facts;
    if (text.length > INT32_MAX)
        return ak_fail(self->err, ANANKE_ERROR_LIMIT, "a text of %zu bytes is too long to be checked", text.length);
    size_t invalid = ak_utf8_invalid(text);
    if (invalid != SIZE_MAX) return ak_fail_at(self->err, ANANKE_ERROR_SYNTAX, name, text, invalid, "not UTF-8");
    file.grammar = ak_language_grammar(&self->reader->languages, file.path, &file.language);
    if (!file.grammar) {
        ak_fail(self->err, ANANKE_ERROR_UNSUPPORTED, "no language is known for a file of this name");
        return ak_fail_in(self->err, name);
    }
    return ak_reader_text(self->reader, &file, text, &facts, self->err) && check_all(self, &facts, 1);
}

static ananke_findings *new_findings(const ananke_constraints *constraints, const ananke_context *context,
                                     ananke_error *err) {
    ananke_findings *findings = ak_object_new(context, sizeof *findings, offsetof(ananke_findings, arena));
    if (!findings) return ak_fail(err, ANANKE_ERROR_MEMORY, "out of memory"), NULL;
    findings->constraints = constraints;
    return findings;
}

static ananke_findings *finish(ananke_findings *findings, bool done) {
    if (done) return findings;
    ananke_findings_free(findings);
    return NULL;
}

ananke_findings *ananke_check(const char *const *paths, size_t path_count, const ananke_constraints *constraints,
                              const ananke_context *context, ananke_error *err) {
    Reader reader;
    ananke_findings *findings = new_findings(constraints, context, err);
    if (!findings) return NULL;
    if (!ak_reader_open(&reader, context, 0, err)) return finish(findings, false);
    Checker self = {.findings = findings, .arena = &findings->arena, .reader = &reader, .context = context, .err = err};
    bool done = check_paths(&self, paths, path_count);
    ak_reader_close(&reader);
    return finish(findings, done);
}

/* ---- Many texts by one set */

bool ak_text_checker_open(TextChecker *checker, const ananke_constraints *constraints, const ananke_context *context,
                          ananke_error *err) {
    checker->constraints = constraints;
    return ak_reader_open(&checker->reader, context, 0, err);
}

void ak_text_checker_close(TextChecker *checker) {
    ak_reader_close(&checker->reader);
}

ananke_findings *ak_text_checker_check(TextChecker *checker, const char *file, Str text, ananke_error *err) {
    Reader *reader = &checker->reader;
    ananke_findings *findings = new_findings(checker->constraints, reader->context, err);
    if (!findings) return NULL;
    Checker self = {
        .findings = findings, .arena = &findings->arena, .reader = reader, .context = reader->context, .err = err};
    size_t queries = reader->query_count, workers = reader->worker_count;
    ArenaMark mark = ak_arena_mark(&reader->arena), seen = {0};
    if (workers) seen = ak_arena_mark(&reader->workers[0].arena);
    bool done = check_text(&self, file, text);
    /* What was seen of this text is given up; what later texts need (queries, workers) was made by an earlier one, or stays. */
    if (workers) ak_arena_rewind(&reader->workers[0].arena, seen);
    if (workers && reader->query_count == queries) ak_arena_rewind(&reader->arena, mark);
    return finish(findings, done);
}

ananke_findings *ananke_check_text(const char *file, const char *text, size_t length,
                                   const ananke_constraints *constraints, const ananke_context *context,
                                   ananke_error *err) {
    TextChecker checker;
    if (!ak_text_checker_open(&checker, constraints, context, err)) return NULL;
    ananke_findings *findings = ak_text_checker_check(&checker, file, (Str){text ? text : "", length}, err);
    ak_text_checker_close(&checker);
    return findings;
}
