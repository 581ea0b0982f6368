/* The linked version is the headers' version, and its parts agree. */
#include "../test.h"
#include <ananke/version.h>
#include <stdio.h>

TEST(linked_version_is_the_headers_version) {
    IGNORE_STATE;
    char expected[32];
    snprintf(expected, sizeof expected, "%d.%d.%d", ANANKE_VERSION_MAJOR, ANANKE_VERSION_MINOR, ANANKE_VERSION_PATCH);
    assert_string_equal(ananke_version(), expected);
    assert_string_equal(ananke_version(), ANANKE_VERSION);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(linked_version_is_the_headers_version)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
