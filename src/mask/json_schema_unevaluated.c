/* Reading unevaluatedProperties and unevaluatedItems: keyword by keyword the cases of what stands beside them are worked out, and in each case what is not
 * evaluated must be as they say.
 *
 * Keywords that must all hold multiply their cases; of anyOf any number may hold, so there is a case for each combination that evaluates more than a part
 * of it; oneOf and if make cases that exclude each other; `not` and propertyNames evaluate nothing. A schema that does not hold evaluates nothing, which
 * is why the cases of a member have its whole schema in them. */
#include "mask/json_schema_cases.h"
#include "mask/json_schema_complement.h"

/* Each case is a complement of its own, which may be a large one. */
enum { COMPLEMENTS_MAX = 16 };

static bool memory(SchemaReader *self, bool ok) {
    return ok || ak_fail_memory(self->err, self->arena);
}

static bool multiply(SchemaReader *self, SchemaCases *cases, const SchemaCases *by) {
    SchemaCases all = {0};
    bool ok = ak_cases_add_product(self, &all, cases, by);
    return *cases = all, ok;
}

/* Nothing more is evaluated. False when `what` is NULL, too. */
static bool restrict_to(SchemaReader *self, SchemaCases *cases, const Schema *what) {
    SchemaCases one = {0};
    Evaluated nothing = ak_evaluated_nothing(self);
    return what && (what->is_any || (ak_cases_add(self, &one, what, &nothing) && multiply(self, cases, &one)));
}

/* ---- What the schema object evaluates by itself */

static bool add_own_patterns(const Reading *at, Evaluated *own, bool *is_unsure) {
    yyjson_obj_iter patterns = yyjson_obj_iter_with(ak_reading_get(at, "patternProperties"));
    for (yyjson_val *key; (key = yyjson_obj_iter_next(&patterns));) {
        Expr names;
        const char *pointer = ak_reading_child(at, "patternProperties", ak_json_str(key));
        if (!pointer || !ak_reading_pattern(at, ak_json_str(key), pointer, &names)) return false;
        *is_unsure |= names == AK_EXPR_FAILED;
        ak_evaluated_add_names(at->self, own, names == AK_EXPR_FAILED ? at->self->strings : names);
    }
    return true;
}

static bool add_own_names(const Reading *at, Evaluated *own, bool *is_unsure) {
    if (ak_reading_get(at, "additionalProperties")) ak_evaluated_add_names(at->self, own, at->self->strings);
    yyjson_obj_iter properties = yyjson_obj_iter_with(ak_reading_get(at, "properties"));
    for (yyjson_val *key; (key = yyjson_obj_iter_next(&properties));) {
        if (!ak_evaluated_add_name(at->self, own, ak_json_str(key))) return false;
    }
    return add_own_patterns(at, own, is_unsure);
}

/* What `contains` is about counts from 2020-12 on. */
static bool add_own_items(const Reading *at, Evaluated *own) {
    SchemaDraft draft = ak_schema_draft(at->self);
    yyjson_val *items = ak_reading_get(at, "items"),
               *list = yyjson_is_arr(items) ? items : ak_reading_get(at, "prefixItems"),
               *others = yyjson_is_arr(items) ? ak_reading_get(at, "additionalItems") : items;
    own->items = others ? UINT64_MAX : yyjson_arr_size(list);
    if (draft == AK_DRAFT_2020 || draft == AK_DRAFT_ANY)
        own->matching = ak_reading_inner(at, "contains", own->matching);
    return own->matching;
}

static bool read_own(const Reading *at, SchemaCases *cases) {
    Evaluated own = ak_evaluated_nothing(at->self);
    const Schema *what = ak_reading_own(at);
    return what && (!what->objects.count || add_own_names(at, &own, &cases->is_unsure)) &&
           (!what->arrays.count || add_own_items(at, &own)) && ak_cases_add(at->self, cases, what, &own);
}

/* ---- Schemas under keywords */

static bool read_member(const Reading *at, const char *keyword, SchemaCases *cases) {
    Evaluated nothing = ak_evaluated_nothing(at->self);
    yyjson_val *value = ak_reading_get(at, keyword);
    if (!value) return ak_cases_add(at->self, cases, at->self->any, &nothing);
    const char *pointer = ak_reading_child(at, keyword, (Str){0});
    return pointer && ak_schema_read_cases(at->self, value, pointer, cases);
}

/* Whether a schema holds that is not held to all that it says is not sure: notes whether something is left out meanwhile. */
static bool begin_doubt(SchemaReader *self) {
    bool was_loose = self->is_loose;
    return self->is_loose = false, was_loose;
}

static void end_doubt(SchemaReader *self, bool was_loose, SchemaCases *cases) {
    cases->is_unsure |= self->is_loose, self->is_loose |= was_loose;
}

/* Schemas of which some hold, and some do not. */
typedef struct Parts {
    SchemaCases *cases;
    SchemaMember *members; /* the same by themselves */
    size_t count;
} Parts;

static bool new_parts(SchemaReader *self, Parts *parts, size_t count) {
    parts->cases = ak_new_array(self->arena, SchemaCases, count);
    parts->members = ak_new_array(self->arena, SchemaMember, count);
    parts->count = count;
    return memory(self, parts->cases && parts->members);
}

static bool read_part(SchemaReader *self, yyjson_val *value, const char *pointer, SchemaCases *cases,
                      SchemaMember *member) {
    bool was_loose = begin_doubt(self), ok = pointer && ak_schema_read_cases(self, value, pointer, cases);
    *member = (SchemaMember){.what = ok ? ak_cases_union(self, cases) : NULL, .is_loose = self->is_loose};
    return end_doubt(self, was_loose, cases), member->what;
}

static bool read_parts(const Reading *at, const char *keyword, Parts *parts) {
    yyjson_val *list = ak_reading_get(at, keyword);
    yyjson_arr_iter values = yyjson_arr_iter_with(list);
    bool ok = new_parts(at->self, parts, yyjson_arr_size(list));
    size_t i = 0;
    for (yyjson_val *value; ok && (value = yyjson_arr_iter_next(&values)); i++)
        ok = read_part(at->self, value, ak_reading_child_at(at, keyword, i), &parts->cases[i], &parts->members[i]);
    return ok;
}

/* ---- References, dependencies */

/* A reference that is not held may evaluate everything. */
static bool add_all(SchemaReader *self, SchemaCases *cases) {
    SchemaCases all = {.is_unsure = true};
    Evaluated evaluated = ak_evaluated_nothing(self);
    evaluated.others = self->strings, evaluated.items = UINT64_MAX;
    return ak_cases_add(self, &all, self->any, &evaluated) && multiply(self, cases, &all);
}

static bool with_ref(const Reading *at, const char *keyword, SchemaCases *cases) {
    if (!ak_reading_get(at, keyword)) return true;
    const Schema *named = ak_reading_ref(at, keyword);
    if (named && named->is_any) return add_all(at->self, cases);
    const SchemaCases *target = named ? ak_schema_ref_cases(at->self, named->refs.items[0]) : NULL;
    return target && multiply(at->self, cases, target);
}

static bool with_refs(const Reading *at, SchemaCases *cases) {
    return with_ref(at, "$ref", cases) && with_ref(at, "$dynamicRef", cases) && with_ref(at, "$recursiveRef", cases);
}

static bool with_dependent_schema(const Reading *at, const char *keyword, Str name, yyjson_val *value,
                                  SchemaCases *cases) {
    SchemaReader *self = at->self;
    SchemaCases with = *cases, without = *cases, dependent = {0};
    const char *pointer = ak_reading_child(at, keyword, name);
    bool ok = pointer && ak_schema_read_cases(self, value, pointer, &dependent) &&
              restrict_to(self, &without, ak_reading_lacking(at, name)) &&
              restrict_to(self, &with, ak_reading_having(at, name)) && multiply(self, &with, &dependent);
    *cases = (SchemaCases){0};
    return ok && ak_cases_add_all(self, cases, &without) && ak_cases_add_all(self, cases, &with);
}

static bool with_dependency(const Reading *at, const char *keyword, Str name, yyjson_val *value, SchemaCases *cases) {
    if (!yyjson_is_arr(value) && !yyjson_is_str(value)) return with_dependent_schema(at, keyword, name, value, cases);
    return restrict_to(at->self, cases, ak_reading_with_dependency(at, keyword, name, value, at->self->any));
}

static bool with_dependencies(const Reading *at, SchemaCases *cases) {
    for (const char *const *keywords = ak_reading_dependencies; *keywords; keywords++) {
        const char *keyword = *keywords;
        yyjson_val *dependencies = ak_reading_get(at, keyword);
        if (dependencies && !yyjson_is_obj(dependencies)) return ak_reading_malformed(at, keyword, "an object");
        yyjson_obj_iter keys = yyjson_obj_iter_with(dependencies);
        for (yyjson_val *key; (key = yyjson_obj_iter_next(&keys));) {
            if (!with_dependency(at, keyword, ak_json_str(key), yyjson_obj_iter_get_val(key), cases)) return false;
        }
    }
    return true;
}

/* ---- Logic */

static bool with_all_of(const Reading *at, SchemaCases *cases) {
    if (!ak_reading_check_list(at, "allOf")) return false;
    yyjson_arr_iter values = yyjson_arr_iter_with(ak_reading_get(at, "allOf"));
    size_t i = 0;
    for (yyjson_val *value; (value = yyjson_arr_iter_next(&values)); i++) {
        SchemaCases member = {0};
        const char *pointer = ak_reading_child_at(at, "allOf", i);
        if (!pointer || !ak_schema_read_cases(at->self, value, pointer, &member)) return false;
        if (!multiply(at->self, cases, &member)) return false;
    }
    return true;
}

static bool with_any_of(const Reading *at, SchemaCases *cases) {
    Parts parts;
    SchemaCases all = {0};
    if (!ak_reading_check_list(at, "anyOf")) return false;
    if (!ak_reading_get(at, "anyOf")) return true;
    bool ok = read_parts(at, "anyOf", &parts) && ak_cases_add_some(at->self, &all, cases, parts.cases, parts.count);
    return *cases = all, ok;
}

/* `from` narrowed to `what`, in the cases of a part that holds. */
static bool add_narrowed(SchemaReader *self, SchemaCases *to, const SchemaCase *from, const Schema *what,
                         const SchemaCases *by) {
    SchemaCases narrowed = {0};
    return ak_cases_add(self, &narrowed, what, &from->evaluated) && ak_cases_add_product(self, to, &narrowed, by);
}

/* The same, where `what` has nothing but what is in the part. */
static bool add_way(SchemaReader *self, SchemaCases *to, const SchemaCase *from, const Schema *what,
                    const SchemaCases *by) {
    if (by->list.count != 1) return add_narrowed(self, to, from, what, by);
    Evaluated evaluated = ak_evaluated_nothing(self);
    to->is_rough |= by->is_rough, to->is_unsure |= by->is_unsure;
    return ak_evaluated_add(self, &evaluated, &from->evaluated) &&
           ak_evaluated_add(self, &evaluated, &by->list.items[0].evaluated) && ak_cases_add(self, to, what, &evaluated);
}

/* One part holds, the others do not. */
static bool add_one(const Reading *at, SchemaCases *to, const SchemaCase *from, Parts *parts) {
    SchemaReader *self = at->self;
    const Schema **ways = ak_new_array(self->arena, const Schema *, parts->count);
    bool ok = memory(self, ways != NULL);
    for (size_t i = 0; ok && i < parts->count; i++)
        ok = (ways[i] = ak_schema_both(self, from->what, parts->members[i].what)) != NULL;
    ok = ok && ak_reading_part(at, parts->members, ways, parts->count);
    for (size_t i = 0; ok && i < parts->count; i++) ok = add_way(self, to, from, ways[i], &parts->cases[i]);
    return ok;
}

static bool with_one_of(const Reading *at, SchemaCases *cases) {
    Parts parts;
    if (!ak_reading_check_list(at, "oneOf")) return false;
    if (!ak_reading_get(at, "oneOf")) return true;
    bool ok = read_parts(at, "oneOf", &parts) && ak_cases_limit(at->self, cases, COMPLEMENTS_MAX);
    SchemaCases all = {.is_rough = cases->is_rough, .is_unsure = cases->is_unsure};
    bool was_loose = begin_doubt(at->self);
    for (size_t i = 0; ok && i < cases->list.count; i++) ok = add_one(at, &all, &cases->list.items[i], &parts);
    end_doubt(at->self, was_loose, &all);
    return *cases = all, ok;
}

/* An `if` alone only evaluates: it may hold or not. */
static bool add_condition(const Reading *at, SchemaCases *to, const SchemaCase *from, Parts *condition,
                          const SchemaCases *yes, const SchemaCases *no) {
    SchemaReader *self = at->self;
    SchemaCases held = {0};
    const Schema *without = yes ? ak_reading_without(at, "if", from->what, condition->members) : from->what;
    if (!without || !add_narrowed(self, &held, from, from->what, condition->cases)) return false;
    if (!yes) return ak_cases_add_all(self, to, &held) && ak_cases_add(self, to, from->what, &from->evaluated);
    return ak_cases_add_product(self, to, &held, yes) && add_narrowed(self, to, from, without, no);
}

static bool with_condition(const Reading *at, SchemaCases *cases) {
    Parts condition;
    SchemaCases yes = {0}, no = {0};
    yyjson_val *value = ak_reading_get(at, "if");
    if (!value) return true;
    bool has_branch = ak_reading_get(at, "then") || ak_reading_get(at, "else");
    bool ok = new_parts(at->self, &condition, 1) &&
              read_part(at->self, value, ak_reading_child(at, "if", (Str){0}), condition.cases, condition.members) &&
              read_member(at, "then", &yes) && read_member(at, "else", &no) &&
              ak_cases_limit(at->self, cases, COMPLEMENTS_MAX);
    SchemaCases all = {.is_rough = cases->is_rough, .is_unsure = cases->is_unsure};
    bool was_loose = begin_doubt(at->self);
    for (size_t i = 0; ok && i < cases->list.count; i++)
        ok = add_condition(at, &all, &cases->list.items[i], &condition, has_branch ? &yes : NULL, &no);
    end_doubt(at->self, was_loose, &all);
    return *cases = all, ok;
}

/* ---- The keywords themselves */

typedef const Schema *RestOf(SchemaReader *self, const Evaluated *evaluated, const Schema *rest, const char *pointer);

static bool note_doubts(const Reading *at, const char *keyword, const SchemaCases *cases) {
    static const char rough[] = "what stands beside it can hold in too many combinations",
                      unsure[] = "something beside it is not enforced, so what it leaves is not known";
    return (!cases->is_rough && !cases->is_unsure) ||
           ak_schema_leave_out(at->self, at->pointer, keyword, cases->is_rough ? rough : unsure);
}

/* Holds what is not evaluated to the keyword; `evaluated` is what it evaluates. */
static bool with_rest(const Reading *at, const char *keyword, RestOf *rest_of, const Evaluated *evaluated,
                      SchemaCases *cases) {
    SchemaReader *self = at->self;
    SchemaCases all = {.is_rough = cases->is_rough, .is_unsure = cases->is_unsure};
    const Schema *rest = ak_reading_inner(at, keyword, NULL);
    bool ok = rest && (rest->is_any || note_doubts(at, keyword, cases));
    for (size_t i = 0; ok && i < cases->list.count; i++) {
        const SchemaCase *one = &cases->list.items[i];
        Evaluated more = ak_evaluated_nothing(self);
        const Schema *others = rest_of(self, &one->evaluated, rest, at->pointer),
                     *what = others ? ak_schema_both(self, one->what, others) : NULL;
        ok = what && ak_evaluated_add(self, &more, &one->evaluated) && ak_evaluated_add(self, &more, evaluated) &&
             ak_cases_add(self, &all, what, &more);
    }
    return *cases = all, ok;
}

static bool with_unevaluated(const Reading *at, SchemaCases *cases) {
    Evaluated names = ak_evaluated_nothing(at->self), items = names;
    names.others = at->self->strings, items.items = UINT64_MAX;
    return (!ak_reading_get(at, "unevaluatedProperties") ||
            with_rest(at, "unevaluatedProperties", ak_evaluated_names_or, &names, cases)) &&
           (!ak_reading_get(at, "unevaluatedItems") ||
            with_rest(at, "unevaluatedItems", ak_evaluated_items_or, &items, cases));
}

bool ak_reading_cases(const Reading *at, SchemaCases *cases) {
    Evaluated nothing = ak_evaluated_nothing(at->self);
    if (ak_reading_is_ref_alone(at))
        return ak_cases_add(at->self, cases, at->self->any, &nothing) && with_ref(at, "$ref", cases);
    return ak_reading_check(at) && read_own(at, cases) && with_refs(at, cases) &&
           restrict_to(at->self, cases, ak_reading_with_names(at, at->self->any)) && with_dependencies(at, cases) &&
           with_all_of(at, cases) && with_any_of(at, cases) && with_one_of(at, cases) &&
           restrict_to(at->self, cases, ak_reading_with_not(at, at->self->any)) && with_condition(at, cases) &&
           with_unevaluated(at, cases);
}

const Schema *ak_reading_by_cases(const Reading *at) {
    SchemaCases cases = {0};
    return ak_reading_cases(at, &cases) ? ak_cases_union(at->self, &cases) : NULL;
}
