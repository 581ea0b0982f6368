/* The gear on simulated machines: it finds the better number of threads, stays there, and pays little for looking. */
#include "../test.h"
#include "maze/gear.h"

/* Runs `tokens` tokens where n threads take us[n] each; returns the time of all. */
static double drive(Gear *gear, const double *us, int tokens) {
    double sum = 0;
    for (int i = 0; i < tokens; i++) {
        double time = us[ak_gear_threads(gear)];
        sum += time;
        ak_gear_note(gear, time);
    }
    return sum;
}

TEST(an_idle_machine_keeps_all_threads_and_pays_under_a_tenth) {
    IGNORE_STATE;
    const double us[] = {0, 16000, 9000};
    Gear gear = ak_gear(2);
    double sum = drive(&gear, us, 640);
    assert_int_equal(gear.chosen, 2);
    assert_true(sum < 640 * 9000 * 1.1);
}

TEST(a_busy_machine_pays_one_token_for_each_look_at_more_threads) {
    IGNORE_STATE;
    const double us[] = {0, 18000, 300000};
    Gear gear = ak_gear(2);
    double sum = drive(&gear, us, 124); /* two rounds */
    assert_int_equal(gear.chosen, 1);
    assert_true(sum <= 124 * 18000 + 2 * 300000);
}

TEST(only_a_trial_has_limited_patience) {
    IGNORE_STATE;
    Gear gear = ak_gear(2);
    for (int i = 0; i < 3; i++) {
        assert_true(ak_gear_patience_us(&gear) == 0);
        ak_gear_note(&gear, 100);
    }
    assert_int_equal(ak_gear_threads(&gear), 2);
    double patience = ak_gear_patience_us(&gear);
    assert_true(patience > 100 && patience < 1000);
    ak_gear_note(&gear, patience); /* given up */
    assert_int_equal(ak_gear_threads(&gear), 1);
    assert_true(ak_gear_patience_us(&gear) == 0);
}

TEST(a_machine_that_becomes_idle_gets_its_threads_back) {
    IGNORE_STATE;
    const double busy[] = {0, 18000, 300000}, idle[] = {0, 16000, 9000};
    Gear gear = ak_gear(2);
    drive(&gear, busy, 100);
    assert_int_equal(gear.chosen, 1);
    drive(&gear, idle, 140);
    assert_int_equal(gear.chosen, 2);
}

TEST(many_threads_settle_where_the_time_is_least) {
    IGNORE_STATE;
    const double us[] = {0, 80, 40, 30, 25, 24, 23, 22, 30, 35, 40, 45, 50};
    Gear gear = ak_gear(12);
    drive(&gear, us, 64 * 20);
    assert_true(us[gear.chosen] <= 25);
    for (int i = 0; i < 10000; i++) {
        int threads = ak_gear_threads(&gear);
        assert_true(threads >= 1 && threads <= 12);
        ak_gear_note(&gear, (double)(i * 7919 % 100));
    }
}

TEST(one_thread_is_never_anything_else) {
    IGNORE_STATE;
    const double us[] = {0, 100};
    Gear gear = ak_gear(1);
    assert_true(drive(&gear, us, 200) == 200 * 100);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_idle_machine_keeps_all_threads_and_pays_under_a_tenth),
        cmocka_unit_test(a_busy_machine_pays_one_token_for_each_look_at_more_threads),
        cmocka_unit_test(only_a_trial_has_limited_patience),
        cmocka_unit_test(a_machine_that_becomes_idle_gets_its_threads_back),
        cmocka_unit_test(many_threads_settle_where_the_time_is_least),
        cmocka_unit_test(one_thread_is_never_anything_else),
    };
    return cmocka_run_group_tests_name("gear", tests, NULL, NULL);
}
