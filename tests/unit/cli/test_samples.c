/* Percentiles against a slow twin: the definition itself, on shuffled numbers. */
#include "../test.h"
#include "cli/samples.c"

TEST(percentiles_are_the_values_at_their_place_in_order) {
    IGNORE_STATE;
    for (unsigned count = 1; count <= 250; count++) {
        Samples samples = {0};
        for (unsigned i = 0; i < count; i++) assert_true(cli_samples_add(&samples, (i * 7919 % count) + 1.0));
        for (unsigned percent = 0; percent <= 100; percent++) {
            unsigned seen[251] = {0}, at = count * percent / 100, below = 0;
            for (unsigned i = 0; i < count; i++) seen[i * 7919 % count]++;
            unsigned value = 0;
            while (below + seen[value] <= (at < count ? at : count - 1)) below += seen[value++];
            assert_int_equal((unsigned)cli_samples_percentile(&samples, percent), value + 1);
        }
        cli_samples_free(&samples);
    }
}

TEST(no_samples_are_zeros) {
    IGNORE_STATE;
    Samples samples = {0};
    assert_true(cli_samples_average(&samples) == 0);
    assert_true(cli_samples_percentile(&samples, 50) == 0);
}

TEST(figures_are_rounded_and_named) {
    IGNORE_STATE;
    Samples samples = {0};
    assert_true(cli_samples_add(&samples, 1) && cli_samples_add(&samples, 2.126) && cli_samples_add(&samples, 9));
    yyjson_mut_doc *doc = yyjson_mut_doc_new(NULL);
    yyjson_mut_val *root = yyjson_mut_obj(doc);
    yyjson_mut_doc_set_root(doc, root);
    assert_true(cli_samples_put(&samples, (const unsigned[]){50, 99, 0}, doc, root, "mask_us"));
    char *text = yyjson_mut_write(doc, 0, NULL);
    assert_string_equal(text, "{\"mask_us\":{\"avg\":4.04,\"p50\":2.13,\"p99\":9.0,\"max\":9.0}}");
    free(text);
    yyjson_mut_doc_free(doc);
    cli_samples_free(&samples);
}

TEST(the_clock_goes_forward) {
    IGNORE_STATE;
    double before = cli_clock_us();
    assert_true(cli_clock_us() >= before && before > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(percentiles_are_the_values_at_their_place_in_order),
        cmocka_unit_test(no_samples_are_zeros),
        cmocka_unit_test(figures_are_rounded_and_named),
        cmocka_unit_test(the_clock_goes_forward),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
