/* The expression of a word list is a trie: words are sorted, what several have in front is written once, and equal
 * endings are one expression anyway, being hash-consed. A flat union would be right too, but each of its derivatives
 * would look at every word. */
#include "regex/regex_words.h"
#include "base/bitset.h"
#include <stdlib.h>

/* A fork of the trie is a union in a union, and the nesting of expressions is bounded. What forks more often, such as
 * a, aa, aaa, … goes on flat. */
enum { MAX_FORKS = 500 };

static int compare_words(const void *a, const void *b) {
    return ak_str_compare(*(const Str *)a, *(const Str *)b);
}

static void sort_words(Str *words, size_t count) {
    if (count > 1) qsort(words, count, sizeof *words, compare_words);
}

/* Up to where the first and the last of sorted words agree, which so do all between them. */
static size_t common_end(Str first, Str last, size_t from) {
    size_t end = first.length < last.length ? first.length : last.length;
    while (from < end && first.data[from] == last.data[from]) from++;
    return from;
}

/* Does the word belong to the branch of `branch` at byte `at`? One branch is that of the words which end there. */
static bool is_in_branch(Str branch, Str word, size_t at) {
    if (branch.length == at || word.length == at) return branch.length == word.length;
    return branch.data[at] == word.data[at];
}

static Expr flat(Exprs *exprs, const Str *words, size_t count, size_t from) {
    Expr *endings = ak_new_array(exprs->arena, Expr, count);
    if (!endings) return AK_EXPR_FAILED;
    for (size_t i = 0; i < count; i++)
        endings[i] = ak_expr_literal(exprs, ak_str_slice(words[i], from, words[i].length));
    return ak_expr_or_all(exprs, endings, count);
}

/* The endings, from byte `from` on, of sorted words that agree before it. */
static Expr trie(Exprs *exprs, const Str *words, size_t count, size_t from, int forks) {
    if (forks > MAX_FORKS) return flat(exprs, words, count, from);
    size_t at = common_end(words[0], words[count - 1], from), branch_count = 0;
    Expr head = ak_expr_literal(exprs, ak_str_slice(words[0], from, at));
    if (words[count - 1].length == at) return head;
    Expr *branches = ak_new_array(exprs->arena, Expr, count < 257 ? count : 257);
    if (!branches) return AK_EXPR_FAILED;
    for (size_t i = 0, end = 0; i < count; i = end) {
        while (end < count && is_in_branch(words[i], words[end], at)) end++;
        branches[branch_count++] = trie(exprs, words + i, end - i, at, forks + 1);
    }
    return ak_expr_concat(exprs, head, ak_expr_or_all(exprs, branches, branch_count));
}

Expr ak_expr_words(Exprs *exprs, Str *words, size_t count) {
    if (count == 0) return AK_EXPR_NOTHING;
    sort_words(words, count);
    return trie(exprs, words, count, 0, 0);
}

/* The words that begin the one at hand stand on a stack, the longest on top. It is enough to look at that: it went on
 * from those below it in the same way, and that was noted when it came. */
bool ak_words_extensions(Str *words, size_t count, Arena *arena, ByteSet *more) {
    Str *stack = ak_new_array(arena, Str, count);
    size_t depth = 0;
    if (!stack) return false;
    sort_words(words, count);
    for (size_t i = 0; i < count; i++) {
        while (depth && !ak_str_starts(words[i], stack[depth - 1])) depth--;
        if (depth && stack[depth - 1].length < words[i].length)
            ak_bits_set(more->words, (uint8_t)words[i].data[stack[depth - 1].length]);
        if (words[i].length) stack[depth++] = words[i];
    }
    return true;
}
