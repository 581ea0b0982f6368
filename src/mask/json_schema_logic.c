/* Reading the keywords that combine schemas: allOf, anyOf, oneOf, not, if.
 *
 * oneOf takes from each member what is in another one, too: the members of most schemas are apart, which is proved first. Complements multiply. One that
 * grows too large, or whose schema has something left out, is left out itself. */
#include "mask/json_schema_reading.h"

enum { COMPLEMENT_FUEL = 20000, EXPR_FUEL = 100000, SHAPES_MAX = 200 };

static const Schema *with_all_of(const Reading *at, const Schema *schema) {
    if (!ak_reading_check_list(at, "allOf")) return NULL;
    yyjson_arr_iter members = yyjson_arr_iter_with(ak_reading_get(at, "allOf"));
    size_t index = 0;
    for (yyjson_val *member; schema && (member = yyjson_arr_iter_next(&members)); index++) {
        const char *pointer = ak_reading_child_at(at, "allOf", index);
        const Schema *what = pointer ? ak_schema_read(at->self, member, pointer) : NULL;
        schema = what ? ak_schema_both(at->self, schema, what) : NULL;
    }
    return schema;
}

/* ---- Complements */

/* A schema, and whether something of it was left out. */
typedef struct Member {
    const Schema *what;
    const Schema *complement; /* NULL: not worked out yet */
    bool is_loose;
} Member;

static bool read_loosely(const Reading *at, yyjson_val *value, const char *pointer, Member *member) {
    SchemaReader *self = at->self;
    bool was_loose = self->is_loose;
    self->is_loose = false;
    *member = (Member){.what = pointer ? ak_schema_read(self, value, pointer) : NULL};
    member->is_loose = self->is_loose;
    self->is_loose |= was_loose;
    return member->what;
}

/* Fuel for something that may be too much, and what is as it was afterwards. */
typedef struct Loan {
    uint64_t rest, lent, expr_floor;
    uint32_t depth;
} Loan;

static Loan borrow(SchemaReader *self) {
    Loan loan = {.lent = self->fuel < COMPLEMENT_FUEL ? self->fuel : COMPLEMENT_FUEL, .depth = self->merge_depth};
    loan.rest = self->fuel - loan.lent, self->fuel = loan.lent;
    uint64_t left = self->exprs->fuel, floor = left > EXPR_FUEL ? left - EXPR_FUEL : 0;
    loan.expr_floor = self->expr_floor;
    if (floor > self->expr_floor) self->expr_floor = floor;
    return loan;
}

/* Whether what failed was too much, or beyond what can be said, and nothing else. */
static bool give_back(SchemaReader *self, Loan loan, bool has_failed) {
    ananke_error_code code = self->err->code;
    bool is_beyond = has_failed && !self->unfinished &&
                     (code == ANANKE_ERROR_LIMIT || code == ANANKE_ERROR_UNSUPPORTED) && !self->exprs->exhausted;
    self->fuel += loan.rest, self->expr_floor = loan.expr_floor, self->merge_depth = loan.depth;
    if (is_beyond) *self->err = (ananke_error){0};
    return is_beyond;
}

static bool leave_out(const Reading *at, const char *keyword, bool is_loose) {
    return ak_schema_leave_out(at->self, at->pointer, keyword,
                               is_loose ? "something in it is not enforced, so what is not in it is not known"
                                        : "what is not in it takes too many schemas to say");
}

/* What is in `schema` and not in the member. NULL when that is too much, or on failure. */
static const Schema *without(SchemaReader *self, const Schema *schema, Member *member) {
    bool was_loose = self->is_loose;
    self->is_loose = member->is_loose;
    if (!member->complement && !member->is_loose) member->complement = ak_schema_not(self, member->what);
    member->is_loose |= self->is_loose, self->is_loose = was_loose;
    if (!member->complement || member->is_loose) return NULL;
    const Schema *left = ak_schema_both(self, schema, member->complement);
    if (left && left->objects.count + left->arrays.count > SHAPES_MAX) {
        ak_fail(self->err, ANANKE_ERROR_LIMIT, "JSON Schema: too many alternatives");
        return NULL;
    }
    return left;
}

/* The same; where it is too much, the keyword is left out. NULL on failure. */
static const Schema *without_or_as_it_is(const Reading *at, const char *keyword, const Schema *schema, Member *member) {
    Loan loan = borrow(at->self);
    const Schema *left = without(at->self, schema, member);
    bool is_beyond = give_back(at->self, loan, !left);
    if (left) return left;
    return (is_beyond || member->is_loose) && leave_out(at, keyword, member->is_loose) ? schema : NULL;
}

static const Schema *with_not(const Reading *at, const Schema *schema) {
    yyjson_val *value = ak_reading_get(at, "not");
    Member member;
    if (!value) return schema;
    return read_loosely(at, value, ak_reading_child(at, "not", (Str){0}), &member)
               ? without_or_as_it_is(at, "not", schema, &member)
               : NULL;
}

static const Schema *with_branch(const Reading *at, const char *keyword, const Schema *schema) {
    const Schema *branch = ak_reading_member(at, keyword, at->self->any);
    return branch ? ak_schema_both(at->self, schema, branch) : NULL;
}

static const Schema *with_condition(const Reading *at, const Schema *schema) {
    yyjson_val *value = ak_reading_get(at, "if");
    Member condition;
    if (!value || (!ak_reading_get(at, "then") && !ak_reading_get(at, "else"))) return schema;
    if (!read_loosely(at, value, ak_reading_child(at, "if", (Str){0}), &condition)) return NULL;
    const Schema *yes = ak_schema_both(at->self, schema, condition.what),
                 *no = yes ? without_or_as_it_is(at, "if", schema, &condition) : NULL;
    if (no) yes = with_branch(at, "then", yes), no = with_branch(at, "else", no);
    const Schema *ways[] = {yes, no};
    return yes && no ? ak_schema_union(at->self, ways, 2) : NULL;
}

/* ---- anyOf and oneOf */

/* Reads the members of the list, each intersected with what is known. */
static bool read_members(const Reading *at, const char *keyword, yyjson_val *list, const Schema *schema,
                         Member *members, const Schema **ways) {
    yyjson_arr_iter values = yyjson_arr_iter_with(list);
    size_t count = 0;
    for (yyjson_val *value; (value = yyjson_arr_iter_next(&values)); count++) {
        if (!read_loosely(at, value, ak_reading_child_at(at, keyword, count), &members[count])) return false;
        if (!(ways[count] = ak_schema_both(at->self, schema, members[count].what))) return false;
    }
    return true;
}

/* Which ways are not proved apart. */
static bool compare(SchemaReader *self, const Schema *const *ways, size_t count, bool *meets) {
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < i; k++) {
            const Schema *common = ak_schema_both(self, ways[i], ways[k]);
            if (!common) return false;
            meets[i * count + k] = meets[k * count + i] = !ak_schema_is_nothing(self, common);
        }
    }
    return true;
}

/* Takes from each way what is in another member. */
static bool take_others(SchemaReader *self, Member *members, const Schema **ways, size_t count, const bool *meets,
                        bool *is_loose) {
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < count; k++) {
            if (meets[i * count + k]) ways[i] = without(self, ways[i], &members[k]);
            *is_loose |= !ways[i] && members[k].is_loose;
            if (!ways[i]) return false;
        }
    }
    return true;
}

/* The ways of members that exclude each other; as they are, where that is too much to say. */
static bool part(const Reading *at, Member *members, const Schema **ways, size_t count) {
    SchemaReader *self = at->self;
    bool *meets = ak_new_array(self->arena, bool, count *count), is_loose = false;
    const Schema **parted = ak_new_array(self->arena, const Schema *, count);
    if (!meets || !parted) return ak_fail_memory(self->err, self->arena);
    memcpy(parted, ways, count * sizeof *ways);
    Loan loan = borrow(self);
    bool done = compare(self, ways, count, meets) && take_others(self, members, parted, count, meets, &is_loose);
    bool is_beyond = give_back(self, loan, !done);
    if (done) return memcpy(ways, parted, count * sizeof *ways), true;
    return (is_beyond || is_loose) && leave_out(at, "oneOf", is_loose);
}

/* oneOf is taken as anyOf: says so, unless the ways are apart anyway. */
static bool note_common(const Reading *at, const Schema *const *ways, size_t count) {
    SchemaReader *self = at->self;
    bool *meets = ak_new_array(self->arena, bool, count *count), some = false;
    if (!meets) return ak_fail_memory(self->err, self->arena);
    Loan loan = borrow(self);
    bool done = compare(self, ways, count, meets), is_beyond = give_back(self, loan, !done);
    for (size_t i = 0; i < count * count; i++) some |= meets[i];
    if (!done && !is_beyond) return false;
    return (done && !some) || ak_schema_leave_out(self, at->pointer, "oneOf", "coerce_one_of takes it as anyOf");
}

static const Schema *with_choice(const Reading *at, const char *keyword, bool is_exclusive, const Schema *schema) {
    SchemaReader *self = at->self;
    yyjson_val *list = ak_reading_get(at, keyword);
    if (!ak_reading_check_list(at, keyword)) return NULL;
    if (!list) return schema;
    size_t count = yyjson_arr_size(list);
    Member *members = ak_new_array(self->arena, Member, count);
    const Schema **ways = ak_new_array(self->arena, const Schema *, count);
    if (!members || !ways) return ak_fail_memory(self->err, self->arena), NULL;
    if (!read_members(at, keyword, list, schema, members, ways)) return NULL;
    bool ok = !is_exclusive ||
              (self->options.is_one_of_any_of ? note_common(at, ways, count) : part(at, members, ways, count));
    return ok ? ak_schema_union(self, ways, count) : NULL;
}

const Schema *ak_reading_with_logic(const Reading *at, const Schema *schema) {
    schema = with_all_of(at, schema);
    if (schema) schema = with_choice(at, "anyOf", false, schema);
    if (schema) schema = with_choice(at, "oneOf", true, schema);
    if (schema) schema = with_not(at, schema);
    return schema ? with_condition(at, schema) : NULL;
}
