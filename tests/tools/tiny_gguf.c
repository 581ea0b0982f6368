/* tiny_gguf (SOURCE.gguf | bytes) SEED OUT.gguf: writes a language model that knows nothing.
 *
 * The tokenizer and the chat template are those of SOURCE (a real vocabulary), or, with `bytes`, a token for each byte and few more. The rest is a llama
 * of two layers whose weights are drawn from SEED. Its answers are noise, and equal seeds give equal files: what masks make of it shows what the
 * masks do. */
#include <ggml.h>
#include <gguf.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LAYERS = 2, WIDTH = 64, HIDDEN = 128, HEADS = 4, KEY_HEADS = 2, WINDOW = 8192 };
enum { HEAD_WIDTH = WIDTH / HEADS, KEY_WIDTH = HEAD_WIDTH * KEY_HEADS };

/* SplitMix64. */
static uint64_t next(uint64_t *state) {
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

/* A sum of uniform numbers, near enough a normal one: mean 0, deviation 1. */
static float noise(uint64_t *state) {
    double sum = -6;
    for (int i = 0; i < 12; i++) sum += (double)(next(state) >> 11) * 0x1p-53;
    return (float)sum;
}

typedef struct Maker {
    struct ggml_context *ggml;
    struct gguf_context *gguf;
    uint64_t state;
} Maker;

/* A tensor of `rows` rows of `width` numbers: noise of this deviation, or ones when it is 0. */
static void add(Maker *maker, const char *name, int64_t width, int64_t rows, float deviation) {
    struct ggml_tensor *tensor = rows == 1 ? ggml_new_tensor_1d(maker->ggml, GGML_TYPE_F32, width)
                                           : ggml_new_tensor_2d(maker->ggml, GGML_TYPE_F32, width, rows);
    ggml_set_name(tensor, name);
    float *data = ggml_get_data_f32(tensor);
    for (int64_t i = 0; i < width * rows; i++) data[i] = deviation == 0 ? 1 : deviation * noise(&maker->state);
    gguf_add_tensor(maker->gguf, tensor);
}

static void add_in_layer(Maker *maker, int layer, const char *part, int64_t width, int64_t rows) {
    char name[64];
    snprintf(name, sizeof name, "blk.%d.%s.weight", layer, part);
    add(maker, name, width, rows, rows == 1 ? 0 : 1 / sqrtf((float)width));
}

static void add_layer(Maker *maker, int layer) {
    add_in_layer(maker, layer, "attn_norm", WIDTH, 1);
    add_in_layer(maker, layer, "attn_q", WIDTH, WIDTH);
    add_in_layer(maker, layer, "attn_k", WIDTH, KEY_WIDTH);
    add_in_layer(maker, layer, "attn_v", WIDTH, KEY_WIDTH);
    add_in_layer(maker, layer, "attn_output", WIDTH, WIDTH);
    add_in_layer(maker, layer, "ffn_norm", WIDTH, 1);
    add_in_layer(maker, layer, "ffn_gate", WIDTH, HIDDEN);
    add_in_layer(maker, layer, "ffn_up", WIDTH, HIDDEN);
    add_in_layer(maker, layer, "ffn_down", HIDDEN, WIDTH);
}

static void set_shape(struct gguf_context *gguf, uint32_t vocab) {
    gguf_set_val_str(gguf, "general.architecture", "llama");
    gguf_set_val_str(gguf, "general.name", "noise");
    gguf_set_val_u32(gguf, "general.file_type", 0);
    gguf_set_val_u32(gguf, "llama.block_count", LAYERS);
    gguf_set_val_u32(gguf, "llama.context_length", WINDOW);
    gguf_set_val_u32(gguf, "llama.embedding_length", WIDTH);
    gguf_set_val_u32(gguf, "llama.feed_forward_length", HIDDEN);
    gguf_set_val_u32(gguf, "llama.attention.head_count", HEADS);
    gguf_set_val_u32(gguf, "llama.attention.head_count_kv", KEY_HEADS);
    gguf_set_val_u32(gguf, "llama.rope.dimension_count", HEAD_WIDTH);
    gguf_set_val_f32(gguf, "llama.attention.layer_norm_rms_epsilon", 1e-5f);
    gguf_set_val_u32(gguf, "llama.vocab_size", vocab);
}

/* GPT-2's way to write a byte as a printable character, in UTF-8. */
static void byte_name(int byte, char name[3]) {
    int point = byte, hidden = 0;
    for (int i = 0; i <= byte; i++) {
        bool shows = (i >= '!' && i <= '~') || (i >= 0xA1 && i <= 0xAC) || i >= 0xAE;
        if (i == byte && !shows) point = 256 + hidden;
        hidden += !shows;
    }
    memset(name, 0, 3);
    if (point < 0x80) name[0] = (char)point;
    else name[0] = (char)(0xC0 | point >> 6), name[1] = (char)(0x80 | (point & 0x3F));
}

enum { SPECIALS = 3, PAIRS = 2, BYTE_VOCAB = SPECIALS + 256 + PAIRS };

/* Three special tokens, the bytes, `` and ``` (the closing fence). */
static void make_tokenizer(struct gguf_context *to) {
    static const char *const chat =
        "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}"
        "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";
    const char *tokens[BYTE_VOCAB] = {"<|endoftext|>", "<|im_start|>", "<|im_end|>"};
    const char *merges[PAIRS] = {"` `", "`` `"};
    int32_t kinds[BYTE_VOCAB] = {3, 3, 3}; /* control tokens */
    char names[256][3];
    for (int i = 0; i < 256; i++) byte_name(i, names[i]), tokens[SPECIALS + i] = names[i];
    tokens[BYTE_VOCAB - 2] = "``", tokens[BYTE_VOCAB - 1] = "```";
    for (int i = SPECIALS; i < BYTE_VOCAB; i++) kinds[i] = 1;
    gguf_set_val_str(to, "tokenizer.ggml.model", "gpt2");
    gguf_set_val_str(to, "tokenizer.ggml.pre", "smollm");
    gguf_set_arr_str(to, "tokenizer.ggml.tokens", tokens, BYTE_VOCAB);
    gguf_set_arr_data(to, "tokenizer.ggml.token_type", GGUF_TYPE_INT32, kinds, BYTE_VOCAB);
    gguf_set_arr_str(to, "tokenizer.ggml.merges", merges, PAIRS);
    gguf_set_val_u32(to, "tokenizer.ggml.bos_token_id", 1);
    gguf_set_val_u32(to, "tokenizer.ggml.eos_token_id", 2);
    gguf_set_val_bool(to, "tokenizer.ggml.add_bos_token", false);
    gguf_set_val_str(to, "tokenizer.chat_template", chat);
}

/* The source's tokenizer keys; its other ones would speak of another model. */
static bool copy_tokenizer(struct gguf_context *to, const struct gguf_context *from, uint32_t *vocab) {
    gguf_set_kv(to, from);
    for (int64_t i = 0; i < gguf_get_n_kv(from); i++) {
        const char *key = gguf_get_key(from, i);
        if (strncmp(key, "tokenizer.", 10) != 0) gguf_remove_key(to, key);
    }
    int64_t tokens = gguf_find_key(from, "tokenizer.ggml.tokens");
    if (tokens < 0) return false;
    *vocab = (uint32_t)gguf_get_arr_n(from, tokens);
    return true;
}

/* `source` NULL: the tokenizer of bytes. */
static bool write_model(const struct gguf_context *source, uint64_t seed, const char *path) {
    uint32_t vocab = BYTE_VOCAB;
    Maker maker = {.gguf = gguf_init_empty(), .state = seed};
    bool done = true;
    if (source) done = copy_tokenizer(maker.gguf, source, &vocab);
    else make_tokenizer(maker.gguf);
    size_t bytes =
        (2 * (size_t)vocab * WIDTH + LAYERS * 8 * (size_t)WIDTH * HIDDEN) * sizeof(float) + ((size_t)1 << 20);
    maker.ggml = done ? ggml_init((struct ggml_init_params){.mem_size = bytes}) : NULL;
    if (maker.ggml) {
        set_shape(maker.gguf, vocab);
        add(&maker, "token_embd.weight", WIDTH, vocab, 1);
        for (int layer = 0; layer < LAYERS; layer++) add_layer(&maker, layer);
        add(&maker, "output_norm.weight", WIDTH, 1, 0);
        add(&maker, "output.weight", WIDTH, vocab,
            3 / sqrtf((float)WIDTH)); /* logits of deviation 3: noise with an opinion */
        done = gguf_write_to_file(maker.gguf, path, false);
        ggml_free(maker.ggml);
    }
    gguf_free(maker.gguf);
    return done;
}

int main(int argc, char **argv) {
    char *end = NULL;
    uint64_t seed = argc == 4 ? strtoull(argv[2], &end, 10) : 0;
    if (!end || *end) return fprintf(stderr, "usage: tiny_gguf (SOURCE.gguf | bytes) SEED OUT.gguf\n"), 2;
    struct gguf_context *source = NULL;
    if (strcmp(argv[1], "bytes") != 0) {
        source = gguf_init_from_file(argv[1], (struct gguf_init_params){.no_alloc = true});
        if (!source) return fprintf(stderr, "tiny_gguf: %s is no GGUF file\n", argv[1]), 2;
    }
    bool done = write_model(source, seed, argv[3]);
    gguf_free(source);
    if (!done) fprintf(stderr, "tiny_gguf: %s cannot be written\n", argv[3]);
    return done ? 0 : 2;
}
