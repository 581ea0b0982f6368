/* The other state allows whatever the state does, so only its long tokens are looked at. Where units are counted, how many of them a token begins with tells
 * most; that is remembered in the room. */
#include "mask/mask_longs.h"
#include "base/bitset.h"
#include "mask/mask_firsts.h"

bool ak_longs_liken(Walk *self, DfaState state, Likeness *likeness) {
    const DfaProfile *profile = ak_walk_profile(self, state);
    *likeness = (Likeness){.state = state};
    if (!profile) return false;
    if (profile->groups && profile->limit >= SHORT_BYTES && profile->limit != UINT32_MAX) {
        *likeness = (Likeness){ak_walk_uncounted(self, state), profile->limit, profile};
    } else {
        *likeness = (Likeness){ak_walk_clamped(self->engine, state, REACH_MOST, self->fuel),
                               self->vocab->views.reaches[REACH_MOST].longest, NULL};
    }
    return likeness->state;
}

/* How the token at place `i` of the long ones begins. */
static LongRun run_of(Walk *self, uint32_t i, Str token, uint64_t groups) {
    WalkRoom *room = self->room;
    if (room->run_groups != groups) {
        memset(room->runs, 0, self->vocab->views.long_count * sizeof *room->runs);
        room->run_groups = groups;
    }
    LongRun *run = &room->runs[i];
    size_t at = 0;
    for (unsigned group; !run->is_known && at < token.length; run->units++) {
        size_t length = ak_unit_read((const uint8_t *)token.data + at, token.length - at, &group);
        if (!(groups & GROUP_BIT(group))) break;
        at += length;
    }
    if (!run->is_known) run->is_known = true, run->is_whole = at == token.length;
    return *run;
}

/* Whether the point allows the token at place `i` of the long ones. */
static Step try_long(Walk *self, Point point, const Likeness *likeness, uint32_t i, Str token) {
    const DfaProfile *counted = likeness->counted;
    if (counted) {
        LongRun run = run_of(self, i, token, counted->groups);
        if (run.units > counted->limit && ak_walk_dies(self, (Point){point.node, counted->spent}, counted->groups))
            return STEP_DEAD;
        if (run.is_whole && run.units <= counted->limit) return STEP_ALIVE;
    }
    return ak_walk_text(self, point, token);
}

Outcome ak_mask_by_likeness(Walk *self, Point point, const Likeness *likeness) {
    const Views *views = &self->vocab->views;
    Outcome outcome = ak_mask_put(self, PART_WHOLE, (Point){point.node, likeness->state}, GROUPS_ALL);
    for (uint32_t i = 0; outcome == WALK_DONE && i < views->long_count; i++) {
        Str token = ak_vocab_str(self->vocab, views->longs[i]);
        if (token.length <= likeness->bytes) break;
        if (!ak_bits_get(self->room->row, views->longs[i])) continue;
        Step step = try_long(self, point, likeness, i, token);
        if (step == STEP_SPENT) outcome = WALK_SPENT;
        if (step == STEP_DEAD) ak_bits_clear(self->room->row, views->longs[i]);
    }
    return outcome;
}
