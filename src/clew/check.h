/* Checking many texts by one set of constraints: the queries are compiled once, which takes longer than checking a page of code. A checker has one owner
 * at a time; the constraints must outlive it and its findings. ananke_check_text makes one for a single text. */
#ifndef AK_CLEW_CHECK_H
#define AK_CLEW_CHECK_H

#include "clew/facts.h"
#include <ananke/check.h>

typedef struct TextChecker {
    Reader reader;
    const ananke_constraints *constraints;
} TextChecker;

/* On failure there is nothing to close. */
bool ak_text_checker_open(TextChecker *checker, const ananke_constraints *constraints, const ananke_context *context,
                          ananke_error *err);
void ak_text_checker_close(TextChecker *checker);

/* As ananke_check_text. An error leaves the checker usable, unless memory is out. */
ananke_findings *ak_text_checker_check(TextChecker *checker, const char *file, Str text, ananke_error *err);

#endif
