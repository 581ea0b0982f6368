/* Ananke: extract the rules a code base follows, compile them, enforce them token by token, check them.
 *
 *     ananke_constraints *rules = ananke_extract(paths, 1, NULL, NULL, &err);      read the code, mine its rules
 *     ananke_ir *ir = ananke_compile(rules, NULL, &err);                           compile them for masks and checks
 *     ananke_generation *result = ananke_generate("add two numbers", ir, NULL, &err);
 *
 * Serving engines use the lower half: vocab.h, program.h, matcher.h. */
#ifndef ANANKE_H
#define ANANKE_H

#include <ananke/check.h>
#include <ananke/constraints.h>
#include <ananke/context.h>
#include <ananke/error.h>
#include <ananke/extract.h>
#include <ananke/file.h>
#include <ananke/generate.h>
#include <ananke/ir.h>
#include <ananke/language.h>
#include <ananke/matcher.h>
#include <ananke/model_store.h>
#include <ananke/pool.h>
#include <ananke/program.h>
#include <ananke/version.h>
#include <ananke/vocab.h>

#endif
