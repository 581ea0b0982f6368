/* Cases: what they evaluate, and how they are combined. */
#include "mask/json_schema_cases.h"
#include "mask/json_schema_complement.h"

enum { CASES_MAX = 256 };

static bool memory(SchemaReader *self, bool ok) {
    return ok || ak_fail_memory(self->err, self->arena);
}

/* ---- What is evaluated */

Evaluated ak_evaluated_nothing(const SchemaReader *self) {
    return (Evaluated){.others = AK_EXPR_NOTHING, .matching = self->nothing};
}

static bool has_name(const Evaluated *self, Str name) {
    for (size_t i = 0; i < self->names.count; i++) {
        if (ak_str_equal(self->names.items[i], name)) return true;
    }
    return false;
}

bool ak_evaluated_add_name(SchemaReader *self, Evaluated *to, Str name) {
    if (to->others == self->strings || has_name(to, name)) return true;
    return memory(self, ak_vec_push(self->arena, &to->names, name));
}

void ak_evaluated_add_names(SchemaReader *self, Evaluated *to, Expr names) {
    bool are_all = names == self->strings || to->others == self->strings;
    to->others = are_all ? self->strings : ak_expr_or(self->exprs, to->others, names);
    if (are_all) to->names.count = 0;
}

bool ak_evaluated_add(SchemaReader *self, Evaluated *to, const Evaluated *from) {
    ak_evaluated_add_names(self, to, from->others);
    for (size_t i = 0; i < from->names.count; i++) {
        if (!ak_evaluated_add_name(self, to, from->names.items[i])) return false;
    }
    if (from->items > to->items) to->items = from->items;
    if (from->matching == self->nothing || from->matching == to->matching) return true;
    const Schema *both[] = {to->matching, from->matching};
    to->matching = to->matching == self->nothing ? from->matching : ak_schema_union(self, both, 2);
    return to->matching;
}

/* Is it certain that all of `inner` is in `outer`? */
static bool is_within(const SchemaReader *self, const Evaluated *inner, const Evaluated *outer) {
    bool has_names =
        outer->others == self->strings || inner->others == outer->others || inner->others == AK_EXPR_NOTHING;
    for (size_t i = 0; has_names && outer->others != self->strings && i < inner->names.count; i++)
        has_names = has_name(outer, inner->names.items[i]);
    bool has_items =
        outer->items == UINT64_MAX || inner->matching == self->nothing || inner->matching == outer->matching;
    return has_names && has_items && inner->items <= outer->items;
}

/* ---- What is not */

const Schema *ak_evaluated_names_or(SchemaReader *self, const Evaluated *evaluated, const Schema *rest,
                                    const char *pointer) {
    if (evaluated->others == self->strings) return self->any;
    ObjectShape *shape = ak_new(self->arena, ObjectShape);
    if (!memory(self, shape != NULL)) return NULL;
    shape->pointer = shape->min_pointer = shape->max_pointer = pointer, shape->max_count = UINT64_MAX;
    NameClass matched = {evaluated->others, self->any}, others = {self->strings, rest};
    bool has_matched = matched.names != AK_EXPR_NOTHING, ok = true;
    if (has_matched) others.names = ak_expr_and(self->exprs, self->strings, ak_expr_not(self->exprs, matched.names));
    for (size_t i = 0; ok && i < evaluated->names.count; i++) {
        SchemaProperty property = {.name = evaluated->names.items[i], .what = self->any, .is_unplaced = true};
        ok = ak_vec_push(self->arena, &shape->properties, property);
    }
    ok = ok && (!has_matched || ak_vec_push(self->arena, &shape->others, matched)) &&
         ak_vec_push(self->arena, &shape->others, others);
    return memory(self, ok) ? ak_schema_any_but(self, NULL, shape) : NULL;
}

const Schema *ak_evaluated_items_or(SchemaReader *self, const Evaluated *evaluated, const Schema *rest,
                                    const char *pointer) {
    if (evaluated->items == UINT64_MAX) return self->any;
    ArrayShape *shape = ak_new(self->arena, ArrayShape);
    const Schema *either[] = {evaluated->matching, rest};
    bool ok = shape != NULL;
    for (uint64_t i = 0; ok && i < evaluated->items; i++) ok = ak_vec_push(self->arena, &shape->first, self->any);
    if (!memory(self, ok)) return NULL;
    shape->max_count = UINT64_MAX, shape->pointer = pointer;
    if (rest == self->nothing) shape->others = evaluated->matching;
    else shape->others = evaluated->matching == self->nothing ? rest : ak_schema_union(self, either, 2);
    return shape->others ? ak_schema_any_but(self, shape, NULL) : NULL;
}

/* ---- Cases */

const Schema *ak_cases_union(SchemaReader *self, const SchemaCases *cases) {
    if (!cases->list.count) return self->nothing;
    const Schema **all = ak_new_array(self->arena, const Schema *, cases->list.count);
    if (!memory(self, all != NULL)) return NULL;
    for (size_t i = 0; i < cases->list.count; i++) all[i] = cases->list.items[i].what;
    return ak_schema_union(self, all, cases->list.count);
}

/* Makes one of all. */
static bool collapse(SchemaReader *self, SchemaCases *cases) {
    SchemaCase one = {.what = ak_cases_union(self, cases), .evaluated = ak_evaluated_nothing(self)};
    bool ok = one.what != NULL;
    for (size_t i = 0; ok && i < cases->list.count; i++)
        ok = ak_evaluated_add(self, &one.evaluated, &cases->list.items[i].evaluated);
    if (!ok || cases->list.count < 2) return ok;
    *cases = (SchemaCases){.is_rough = true, .is_unsure = cases->is_unsure};
    return memory(self, ak_vec_push(self->arena, &cases->list, one));
}

bool ak_cases_add(SchemaReader *self, SchemaCases *to, const Schema *what, const Evaluated *evaluated) {
    for (size_t i = 0; i < to->list.count; i++) {
        SchemaCase *known = &to->list.items[i];
        if (!is_within(self, evaluated, &known->evaluated) || !is_within(self, &known->evaluated, evaluated)) continue;
        const Schema *both[] = {known->what, what};
        return known->what = ak_schema_union(self, both, 2), known->what;
    }
    if (!memory(self, ak_vec_push(self->arena, &to->list, (SchemaCase){what, *evaluated}))) return false;
    return to->list.count <= CASES_MAX || collapse(self, to);
}

static void add_doubts(SchemaCases *to, const SchemaCases *from) {
    to->is_rough |= from->is_rough, to->is_unsure |= from->is_unsure;
}

bool ak_cases_add_all(SchemaReader *self, SchemaCases *to, const SchemaCases *from) {
    add_doubts(to, from);
    for (size_t i = 0; i < from->list.count; i++) {
        if (!ak_cases_add(self, to, from->list.items[i].what, &from->list.items[i].evaluated)) return false;
    }
    return true;
}

/* `what` is in both. */
static bool add_both(SchemaReader *self, SchemaCases *to, const Schema *what, const SchemaCase *a,
                     const SchemaCase *b) {
    Evaluated evaluated = ak_evaluated_nothing(self);
    return what && ak_evaluated_add(self, &evaluated, &a->evaluated) &&
           ak_evaluated_add(self, &evaluated, &b->evaluated) && ak_cases_add(self, to, what, &evaluated);
}

/* What both say, unless nothing is in it. */
static bool add_pair(SchemaReader *self, SchemaCases *to, const SchemaCase *a, const SchemaCase *b) {
    const Schema *what = ak_schema_both(self, a->what, b->what);
    return what && (ak_schema_is_nothing(self, what) || add_both(self, to, what, a, b));
}

static bool add_pairs(SchemaReader *self, SchemaCases *to, const SchemaCases *a, const SchemaCases *b) {
    for (size_t i = 0; i < a->list.count; i++) {
        for (size_t k = 0; k < b->list.count; k++) {
            if (!add_pair(self, to, &a->list.items[i], &b->list.items[k])) return false;
        }
    }
    return true;
}

/* One pair, for where all of them are too much, or there is no other. */
static bool add_one_pair(SchemaReader *self, SchemaCases *to, SchemaCases a, SchemaCases b) {
    if (!collapse(self, &a) || !collapse(self, &b)) return false;
    add_doubts(to, &a), add_doubts(to, &b);
    if (!a.list.count || !b.list.count) return true;
    const SchemaCase *left = a.list.items, *right = b.list.items;
    return add_both(self, to, ak_schema_both(self, left->what, right->what), left, right);
}

bool ak_cases_add_product(SchemaReader *self, SchemaCases *to, const SchemaCases *a, const SchemaCases *b) {
    SchemaCases pairs = {0};
    if (a->list.count <= 1 && b->list.count <= 1) return add_one_pair(self, to, *a, *b);
    SchemaLoan loan = ak_schema_borrow(self);
    bool ok = add_pairs(self, &pairs, a, b);
    if (ak_schema_give_back(self, loan, !ok)) pairs = (SchemaCases){0}, ok = add_one_pair(self, &pairs, *a, *b);
    add_doubts(to, a), add_doubts(to, b);
    return ok && ak_cases_add_all(self, to, &pairs);
}

/* Those that hold so far, with one more part or without it. A case that says no more than the one that it comes from is not needed. */
static bool add_part(SchemaReader *self, SchemaCases *to, const SchemaCase *from, const SchemaCases *part) {
    SchemaCases before = *to, after = {0};
    bool ok = ak_cases_add_all(self, &after, &before);
    for (size_t i = 0; ok && i < part->list.count; i++) {
        const SchemaCase *more = &part->list.items[i];
        ok = add_pair(self, &after, from, more);
        for (size_t k = 0; ok && k < before.list.count; k++) {
            const SchemaCase *held = &before.list.items[k];
            if (!is_within(self, &more->evaluated, &held->evaluated)) ok = add_pair(self, &after, held, more);
        }
    }
    return *to = after, ok;
}

/* Stops where they are too many. */
static bool add_combinations(SchemaReader *self, SchemaCases *to, const SchemaCases *from, const SchemaCases *parts,
                             size_t count) {
    for (size_t i = 0; i < from->list.count; i++) {
        SchemaCases some = {0};
        for (size_t k = 0; k < count && !some.is_rough; k++) {
            if (!add_part(self, &some, &from->list.items[i], &parts[k])) return false;
        }
        if (!ak_cases_add_all(self, to, &some)) return false;
        if (to->is_rough) break;
    }
    return true;
}

bool ak_cases_add_some(SchemaReader *self, SchemaCases *to, const SchemaCases *from, const SchemaCases *parts,
                       size_t count) {
    SchemaCases some = {0}, all = {0};
    SchemaLoan loan = ak_schema_borrow(self);
    bool ok = add_combinations(self, &some, from, parts, count);
    bool is_beyond = ak_schema_give_back(self, loan, !ok);
    for (size_t i = 0; (ok || is_beyond) && i < count; i++) ok = ak_cases_add_all(self, &all, &parts[i]);
    if (is_beyond || some.is_rough) some = (SchemaCases){0}, ok = ok && add_one_pair(self, &some, *from, all);
    add_doubts(to, from), add_doubts(to, &all);
    return ok && ak_cases_add_all(self, to, &some);
}

bool ak_cases_limit(SchemaReader *self, SchemaCases *cases, size_t count) {
    return cases->list.count <= count || collapse(self, cases);
}
