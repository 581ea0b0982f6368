/* Composition: the edits of all constraints become one grammar.
 *
 * Terminals are intersected with `&`; where several constraints define one rule, what all of them offer is left. When nothing is left the constraints
 * contradict each other and the error names both. Equal input gives equal text: slots keep the grammar's order, edits the constraints'. */
#ifndef AK_BRAID_COMPOSE_H
#define AK_BRAID_COMPOSE_H

#include "braid/lower.h"
#include "braid/overlay.h"

/* What was decided where more than one constraint spoke of a slot. */
typedef struct Decision {
    Str slot;
    VEC(uint32_t) constraints;
    Str why;
} Decision;

typedef VEC(Decision) DecisionList;

/* Applies the edits to the grammar. ANANKE_ERROR_CONFLICT when constraints contradict each other. */
bool ak_compose(Overlay *grammar, const EditList *edits, const ananke_constraints *constraints, DecisionList *decisions,
                ananke_error *err);
/* Verifies that the composed grammar compiles, that something can be written in it, and that no restricted terminal has become empty. */
bool ak_compose_verify(Overlay *grammar, const EditList *edits, const ananke_constraints *constraints,
                       ananke_error *err);

#endif
