/* The main job in three calls: read the rules that a code base follows, compile them, generate code under them.
 *
 *     cc extract_compile_generate.c $(pkg-config --cflags --libs ananke) && ./a.out ./src "write a function that sums numbers"
 *
 * Uses the default model (`ananke model pull` fetches it). Compiles as C17 and as C++17. */
#include <ananke/ananke.h>
#include <stdio.h>

int main(int argc, char **argv) {
    const char *path = argc > 1 ? argv[1] : ".", *intent = argc > 2 ? argv[2] : "write a function that sums numbers";
    static ananke_error err;
    ananke_constraints *rules = ananke_extract(&path, 1, NULL, NULL, &err);
    ananke_ir *ir = rules ? ananke_compile(rules, NULL, &err) : NULL;
    ananke_generation *result = ir ? ananke_generate(intent, ir, NULL, &err) : NULL;
    if (result) puts(ananke_generation_text(result, NULL));
    else fprintf(stderr, "%s\n", err.message);
    ananke_generation_free(result), ananke_ir_free(ir), ananke_constraints_free(rules);
    return result ? 0 : 1;
}
