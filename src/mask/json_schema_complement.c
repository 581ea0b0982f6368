/* Complements on loan. The members of most oneOf are apart, which is proved first: nothing is taken from them then. */
#include "mask/json_schema_complement.h"

enum { COMPLEMENT_FUEL = 20000, EXPR_FUEL = 100000, SHAPES_MAX = 64 };

/* ---- Fuel */

SchemaLoan ak_schema_borrow(SchemaReader *self) {
    SchemaLoan loan = {.lent = self->fuel < COMPLEMENT_FUEL ? self->fuel : COMPLEMENT_FUEL, .depth = self->merge_depth};
    loan.rest = self->fuel - loan.lent, self->fuel = loan.lent;
    uint64_t left = self->exprs->fuel, floor = left > EXPR_FUEL ? left - EXPR_FUEL : 0;
    loan.expr_floor = self->expr_floor;
    if (floor > self->expr_floor) self->expr_floor = floor;
    return loan;
}

bool ak_schema_give_back(SchemaReader *self, SchemaLoan loan, bool has_failed) {
    ananke_error_code code = self->err->code;
    bool is_beyond = has_failed && !self->unfinished &&
                     (code == ANANKE_ERROR_LIMIT || code == ANANKE_ERROR_UNSUPPORTED) && !self->exprs->exhausted;
    self->fuel += loan.rest, self->expr_floor = loan.expr_floor, self->merge_depth = loan.depth;
    if (is_beyond) *self->err = (ananke_error){0};
    return is_beyond;
}

/* ---- Complements */

static bool leave_out(const Reading *at, const char *keyword, bool is_loose) {
    return ak_schema_leave_out(at->self, at->pointer, keyword,
                               is_loose ? "something in it is not enforced, so what is not in it is not known"
                                        : "what is not in it takes too many schemas to say");
}

/* What is in `schema` and not in the member. NULL when that is too much, or on failure. */
static const Schema *without(SchemaReader *self, const Schema *schema, SchemaMember *member) {
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

const Schema *ak_reading_without(const Reading *at, const char *keyword, const Schema *schema, SchemaMember *member) {
    SchemaLoan loan = ak_schema_borrow(at->self);
    const Schema *left = without(at->self, schema, member);
    bool is_beyond = ak_schema_give_back(at->self, loan, !left);
    if (left) return left;
    return (is_beyond || member->is_loose) && leave_out(at, keyword, member->is_loose) ? schema : NULL;
}

/* ---- Ways that exclude each other */

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
static bool take_others(SchemaReader *self, SchemaMember *members, const Schema **ways, size_t count, const bool *meets,
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

static bool part(const Reading *at, SchemaMember *members, const Schema **ways, size_t count) {
    SchemaReader *self = at->self;
    bool *meets = ak_new_array(self->arena, bool, count *count), is_loose = false;
    const Schema **parted = ak_new_array(self->arena, const Schema *, count);
    if (!meets || !parted) return ak_fail_memory(self->err, self->arena);
    memcpy(parted, ways, count * sizeof *ways);
    SchemaLoan loan = ak_schema_borrow(self);
    bool done = compare(self, ways, count, meets) && take_others(self, members, parted, count, meets, &is_loose);
    bool is_beyond = ak_schema_give_back(self, loan, !done);
    if (done) return memcpy(ways, parted, count * sizeof *ways), true;
    return (is_beyond || is_loose) && leave_out(at, "oneOf", is_loose);
}

/* oneOf is taken as anyOf: says so, unless the ways are apart anyway. */
static bool note_common(const Reading *at, const Schema *const *ways, size_t count) {
    SchemaReader *self = at->self;
    bool *meets = ak_new_array(self->arena, bool, count *count), some = false;
    if (!meets) return ak_fail_memory(self->err, self->arena);
    SchemaLoan loan = ak_schema_borrow(self);
    bool done = compare(self, ways, count, meets), is_beyond = ak_schema_give_back(self, loan, !done);
    for (size_t i = 0; i < count * count; i++) some |= meets[i];
    if (!done && !is_beyond) return false;
    return (done && !some) || ak_schema_leave_out(self, at->pointer, "oneOf", "coerce_one_of takes it as anyOf");
}

bool ak_reading_part(const Reading *at, SchemaMember *members, const Schema **ways, size_t count) {
    return at->self->options.is_one_of_any_of ? note_common(at, ways, count) : part(at, members, ways, count);
}
