/* What every unit test includes: cmocka in the order it wants, and short names. */
#ifndef AK_TEST_H
#define AK_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* TEST(name) { … } defines a test; main lists it with cmocka_unit_test(name). */
#define TEST(name) static void name(void **state)
#define IGNORE_STATE (void)state

#endif
