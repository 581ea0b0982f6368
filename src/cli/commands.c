/* The rows of the table of commands. Texts are plain ASCII; `…` between backquotes is what a user types. A row's first example must run in a folder
 * that holds some code (tests/man). Order is the order of the help: the main job first. */
#include "cli/commands.h"
#include <stdint.h>
#include <string.h>

#define END \
    { 0 }

const Option cli_common_options[] = {
    {"help", 'h', NULL, NULL, "show what the command does and how to use it", 0},
    {"quiet", 'q', NULL, NULL, "say nothing but errors and results", 0},
    {"verbose", 'v', NULL, NULL, "say more; twice: everything", 0},
    {"color", 0, "WHEN", "auto always never", "colour what is shown; auto: on a terminal, unless NO_COLOR is set", 0},
    {"log", 0, "FORM", "text json", "the form of log lines on standard error", 0},
    {"trace-id", 0, "ID", NULL, "an identifier to carry into every log record", 0},
    END,
};

#define JSON_OPTION(what) \
    { "json", 0, NULL, NULL, "print " what " as JSON on standard output", 0 }
#define STRICT_OPTION \
    { "strict", 0, NULL, NULL, "refuse a schema that says what masks cannot hold, instead of listing it", 0 }
#define ANY_ORDER_OPTION \
    { "json-any-order", 0, NULL, NULL, "let the members of objects that a schema describes come in any order", 0 }
#define LANGUAGE_OPTION(need)                                                                  \
    {                                                                                          \
        "language", 0, "LANGUAGE", VALUES_LANGUAGE,                                            \
            "the programming language, such as typescript: in full, where it has a pack", need \
    }

static const Option extract_options[] = {
    {"output", 'o', "FILE", VALUES_FILE, "where the rules go; - is standard output [constraints.json]", 0},
    {"format", 0, "FORM", "json yaml", "the form of the rules [by the name of the output, else json]", 0},
    {"min-confidence", 0, "P", NULL, "leave out rules whose confidence is below P, between 0 and 1 [0.9]", 0},
    {"min-support", 0, "N", NULL, "leave out rules seen in fewer than N places [10]", 0},
    {"threads", 'j', "N", NULL, "use N threads [one per processor]", 0},
    JSON_OPTION("the summary"),
    END,
};
static const Example extract_examples[] = {
    {"ananke extract ./src", "Mine the rules of the code below ./src into constraints.json."},
    {"ananke extract ./src --format yaml -o -", "Show the rules as YAML, write no file."},
    END,
};

static const Option compile_options[] = {
    {"output", 'o', "FILE", VALUES_FILE, "where the result goes; - is standard output [constraints.ir.json]", 0},
    {"for", 0, "ENGINE", "ir llguidance vllm sglang",
     "the form to write: our own IR, or what another engine takes [ir]", 0},
    {"language", 0, "LANGUAGE", VALUES_LANGUAGE, "compile for this language [the one that most rules speak of]", 0},
    {"strict", 0, NULL, NULL, "fail when a rule can be neither masked nor checked", 0},
    JSON_OPTION("the enforcement table"),
    END,
};
static const Example compile_examples[] = {
    {"ananke compile constraints.json", "Write constraints.ir.json and show how each rule will be kept."},
    {"ananke compile constraints.json --for llguidance -o -", "Show the grammar in llguidance's form."},
    END,
};

static const Option generate_options[] = {
    {"in", 0, "FILE", VALUES_FILE, "a file whose text goes into the prompt as context", 0},
    {"constraints", 'c', "FILE", VALUES_FILE, "an IR, or a constraints file to compile first [constraints.ir.json]", 0},
    {"model", 'm', "MODEL", VALUES_MODEL, "a GGUF file, or the name of a model of the model folder [the default model]",
     0},
    {"max-tokens", 'n', "N", NULL, "stop after N tokens; what was begun is completed or cut [256]", 0},
    {"seed", 0, "N", NULL, "the seed of the sampling; equal seeds give equal text [0]", 0},
    {"temperature", 0, "T", NULL, "the temperature of the sampling; 0 is greedy [0.7]", 0},
    {"unconstrained", 0, NULL, NULL, "do not mask; the text is still checked against the rules", 0},
    {"no-constraints", 0, NULL, NULL, "use no rules at all: neither mask nor check", 0},
    {"language", 0, "LANGUAGE", VALUES_LANGUAGE,
     "compile for this language; without a constraints file: the language alone, in full where it has a pack", 0},
    {"output", 'o', "FILE", VALUES_FILE, "where the text goes [standard output]", 0},
    JSON_OPTION("the text and the report"),
    END,
};
static const Example generate_examples[] = {
    {"ananke generate \"a function that adds two numbers\"",
     "Write code under the rules of constraints.ir.json in this folder."},
    {"ananke generate \"parse a date\" --language python -o date.py", "Write Python that parses, with no other rules."},
    END,
};

static const Option check_options[] = {
    {"constraints", 'c', "FILE", VALUES_FILE, "a constraints file or an IR", OPTION_REQUIRED},
    {"format", 0, "FORM", "text json sarif", "the form of the report [text]", 0},
    {"json", 0, NULL, NULL, "the same as --format json", 0},
    {"output", 'o', "FILE", VALUES_FILE, "where the report goes [standard output]", 0},
    {"threads", 'j', "N", NULL, "use N threads [one per processor]", 0},
    END,
};
static const Example check_examples[] = {
    {"ananke check ./src --constraints constraints.json", "List the places that break the rules."},
    {"ananke check ./src --constraints constraints.json --format sarif -o findings.sarif",
     "Write them for a code host's viewer."},
    END,
};

static const Option replay_options[] = {
    LANGUAGE_OPTION(OPTION_CHOICE),
    {"fragment", 0, "FRAGMENT", NULL,
     "what the texts are in a language that has a pack: statements, expression, type ...; markdown: code in fences, and text around it [file]",
     0},
    {"grammar", 0, "FILE", VALUES_FILE,
     "a grammar as llguidance takes it (Lark or its JSON container), or in GBNF when it ends in .gbnf", OPTION_CHOICE},
    {"schema", 0, "FILE", VALUES_FILE, "a JSON Schema", OPTION_CHOICE},
    {"schema-folder", 0, "FOLDER", VALUES_FOLDER, "where the schemas are that --schema refers to; nothing is fetched",
     0},
    {"draft", 0, "DRAFT", "4 6 7 2019-09 2020-12",
     "the draft of JSON Schema that --schema is written in [what its $schema says]", 0},
    {"tools", 0, "FILE", VALUES_FILE,
     "tools and the format of a model's calls, {\"tools\", \"tool_choice\", \"format\"}", OPTION_CHOICE},
    {"structural-tags", 0, "FILE", VALUES_FILE,
     "free text with tags that have a JSON Schema each, {\"structures\", \"triggers\"}", OPTION_CHOICE},
    {"ir", 0, "FILE", VALUES_FILE, "an IR that `ananke compile` has written", OPTION_CHOICE},
    {"tokenizer", 't', "FILE", VALUES_FILE, "tokenizer.json, .tiktoken, .model, .gguf, or the word bytes",
     OPTION_REQUIRED},
    {"json-space", 0, "SPACE", "compact spaced bounded free",
     "white space of the JSON that a schema describes: none, as json.dumps has it, a little, any [bounded]", 0},
    ANY_ORDER_OPTION,
    STRICT_OPTION,
    {"prefix", 0, "FILE", VALUES_FILE, "what stands before each text", 0},
    {"suffix", 0, "FILE", VALUES_FILE, "what stands behind each text: it is complete where that fits, and nowhere else",
     0},
    END,
};
static const Example replay_examples[] = {
    {"ananke replay --language python --tokenizer bytes ./src/*.py",
     "Feed the files to Python's grammar, byte by byte."},
    {"printf '%s\\n' '{\"id\": 1, \"text\": \"x = 1\"}' | ananke replay --language python --tokenizer bytes -",
     "The same for texts on standard input."},
    {"printf '%s\\n' '{\"id\": 1, \"text\": \"a + b\"}' | ananke replay --language typescript --fragment expression --tokenizer bytes -",
     "Is the text a TypeScript expression?"},
    END,
};

static const Option bench_mask_options[] = {
    {"suite", 0, "FOLDER", VALUES_FOLDER, "MaskBench files: {schema, tests: [{valid, data}]}", OPTION_REQUIRED},
    {"tokenizer", 't', "FILE", VALUES_FILE, "tokenizer.json, .tiktoken, .model, .gguf, or the word bytes",
     OPTION_REQUIRED},
    {"sample", 0, "N", NULL, "take N files, drawn at random [all]", 0},
    {"seed", 0, "N", NULL, "the seed of that draw [1]", 0},
    {"timeout", 0, "SECONDS", NULL, "give up on a schema after this time and count it as timeout [60]", 0},
    ANY_ORDER_OPTION,
    STRICT_OPTION,
    JSON_OPTION("the figures"),
    END,
};
static const Example bench_mask_examples[] = {
    {"ananke bench mask --suite maskbench/data --tokenizer bytes --sample 100",
     "Show correctness and times of 100 schemas."},
    END,
};

static const Option json_list_options[] = {JSON_OPTION("the list"), END};
static const Option json_only_options[] = {JSON_OPTION("the answer"), END};
static const Example model_list_examples[] = {
    {"ananke model list", "Show the known models and which of them are here."},
    END,
};
static const Example model_path_examples[] = {
    {"ananke model path", "Print where the default model lies, or would lie."},
    END,
};
static const Example model_verify_examples[] = {
    {"ananke model verify", "Compare the default model with its SHA-256."},
    END,
};
static const Example model_pull_examples[] = {
    {"ananke model pull", "Fetch the default model, 98 MB."},
    END,
};
static const Example languages_examples[] = {{"ananke languages", "Show what this program can read and generate."},
                                             END};
static const Example doctor_examples[] = {{"ananke doctor", "See whether everything is in place."}, END};
static const Example version_examples[] = {{"ananke version", "Print the version."}, END};

static const Option help_options[] = {
    {"man", 0, NULL, NULL, "print the manual page, in mdoc", 0},
    {"completion", 0, "SHELL", "bash zsh fish", "print a completion script for this shell", 0},
    END,
};
static const Example help_examples[] = {
    {"ananke help extract", "Show what `ananke extract` does."},
    {"ananke help --completion bash", "Print completions for bash: source them from a start-up file."},
    END,
};

const Command cli_commands[] = {
    {
        .name = "extract",
        .operands = "PATH...",
        .operand_values = VALUES_FILE,
        .least = 1,
        .most = SIZE_MAX,
        .summary = "mine the rules that a code base follows",
        .description =
            "Reads the code below each PATH and writes down the rules it already follows: how things are named, which modules are imported and how, "
            "what is never written, how errors are handled. Each rule comes with its support (places where it could have been broken), its "
            "exceptions and a confidence; what the code itself breaks often is not a rule.\n\n"
            "Hidden folders, node_modules, build products, generated files such as .d.ts and what .gitignore names are left out. Files that cannot be read are skipped, counted and "
            "told. Nothing leaves this machine.",
        .outputs =
            "The rules go to constraints.json in the current folder (constraints.yaml with `--format yaml`), renamed into place when they are "
            "complete. A summary goes to standard error.",
        .options = extract_options,
        .examples = extract_examples,
        .run = cli_extract,
    },
    {
        .name = "compile",
        .operands = "FILE...",
        .operand_values = VALUES_FILE,
        .least = 1,
        .most = SIZE_MAX,
        .summary = "turn rules into what masks and checks need",
        .description =
            "Joins the constraints files and compiles them for one language into an IR: a grammar for the masks, checks for what no grammar can say, and "
            "for every rule how it is kept. The tiers are: masked (no token can break it), checked (verified on what was generated), advised (only "
            "told to the model), unsupported (not kept, and said so).",
        .outputs =
            "The IR goes to the current folder under the first file's name: constraints.json becomes constraints.ir.json; other forms are "
            "named after their engine. The enforcement table goes to standard error.",
        .options = compile_options,
        .examples = compile_examples,
        .run = cli_compile,
    },
    {
        .name = "generate",
        .operands = "INTENT",
        .least = 1,
        .most = 1,
        .summary = "write code with a local model under the rules",
        .description =
            "Asks a local model for code that does what INTENT says. A mask on the model's choices at every token keeps the text within the language's "
            "grammar and the masked rules; the rest is checked at the end. The IR is constraints.ir.json in the current folder unless `--constraints` "
            "names another.\n\n"
            "The default model is fetched once with `ananke model pull`.",
        .outputs =
            "The text goes to standard output, as it is made when that is a terminal. The report - rule by rule, how it was kept and whether it "
            "holds, then tokens and times - goes to standard error.",
        .exit_no = "the text breaks a rule, or is not complete",
        .options = generate_options,
        .examples = generate_examples,
        .run = cli_generate,
    },
    {
        .name = "check",
        .operands = "PATH...",
        .operand_values = VALUES_FILE,
        .least = 1,
        .most = SIZE_MAX,
        .summary = "find the places where code breaks the rules",
        .description =
            "Checks files and folders, whoever wrote them, against the rules of a constraints file or an IR. Each violation names the rule, the place, "
            "and why the rule is believed.",
        .outputs =
            "The report goes to standard output or to the file given with `-o`. A text report ends with a summary; with other forms, and with "
            "`-o`, the summary goes to standard error. JSON has the form {\"violations\": [{file, line, column, end_line, end_column, "
            "constraint, severity, message, evidence}], \"summary\"}; SARIF is version 2.1.0.",
        .exit_no = "there are violations",
        .options = check_options,
        .examples = check_examples,
        .run = cli_check,
    },
    {
        .name = "replay",
        .operands = "FILE...",
        .operand_values = VALUES_FILE,
        .least = 1,
        .most = SIZE_MAX,
        .summary = "feed texts token by token to a grammar, as if generated",
        .description =
            "Cuts each file into tokens and takes them one after the other, as if a model had chosen them: the mask is made at every token, and a token "
            "that it does not allow ends the file. `-` reads JSON lines {\"id\", \"text\"} from standard input and answers in order.\n\n"
            "What a schema says and masks cannot hold is told as warnings, each with its JSON pointer and the reason; with `--strict` it is an error. "
            "`--json-space` and `--json-any-order` are for schemas inside of a grammar, too; a schema's own `x-guidance` goes before them.",
        .outputs =
            "One JSON line per file on standard output: {\"file\", \"accepted\", \"complete\", \"offset\", \"token\", \"expected\", \"tokens\", "
            "\"mask_us\": {\"avg\", \"p50\", \"p99\", \"max\"}}; lines of standard input are answered with their \"id\" in front. offset is the "
            "byte that cannot follow (the length when all was accepted), token the refused token's text, expected what could have followed, "
            "tokens how many were taken, mask_us the time of mask and consume per token in microseconds. Where a schema is not held as a whole, "
            "\"unenforced\" has the JSON pointers of what is left out: a text may be complete and break that.",
        .exit_no = "a text was refused, or is not complete",
        .options = replay_options,
        .examples = replay_examples,
        .run = cli_replay,
    },
    {
        .name = "bench mask",
        .operands = "",
        .least = 0,
        .most = 0,
        .summary = "measure masks on a folder of JSON Schemas",
        .description =
            "Runs MaskBench: each file's schema is compiled, its valid and invalid instances are fed token by token (spelt as Python's "
            "json.dumps(data, ensure_ascii=False) spells them), and the mask must allow every token of a valid instance and the end after it. One "
            "schema at a time in a process of its own, so that neither a crash nor a timeout ends the run. With `--verbose` each failing schema is "
            "named on standard error, with the first instance that fails, counted from 0, or why it was refused.\n\n"
            "validation_error counts schemas that refuse a valid instance, invalidation_error those that accept an invalid one, unenforced those that do so "
            "and list something that masks cannot hold, partial all that list something; tbm_us is mask + consume "
            "per token, ttfm_us compile + first mask per schema, in microseconds; peak_rss is in bytes.",
        .outputs = "A table, or one JSON object, on standard output.",
        .options = bench_mask_options,
        .examples = bench_mask_examples,
        .run = cli_bench_mask,
    },
    {
        .name = "model list",
        .operands = "",
        .summary = "list the known models",
        .description =
            "Lists the models that this program knows by name, their size and licence, and whether they are in the model folder.",
        .outputs = "A table, or a JSON list, on standard output.",
        .options = json_list_options,
        .examples = model_list_examples,
        .run = cli_model_list,
    },
    {
        .name = "model path",
        .operands = "[NAME]",
        .operand_values = VALUES_MODEL,
        .most = 1,
        .summary = "print where a model lies",
        .description =
            "Prints the path of a model (the default one, when none is named) in the model folder, whether it is there or not.",
        .outputs = "The path goes to standard output.",
        .examples = model_path_examples,
        .run = cli_model_path,
    },
    {
        .name = "model verify",
        .operands = "[NAME]",
        .operand_values = VALUES_MODEL,
        .most = 1,
        .summary = "compare a model with its checksum",
        .description =
            "Reads a model (the default one, when none is named) and compares its SHA-256 with the known one.",
        .outputs = "A line goes to standard error.",
        .examples = model_verify_examples,
        .run = cli_model_verify,
    },
    {
        .name = "model pull",
        .operands = "[NAME]",
        .operand_values = VALUES_MODEL,
        .most = 1,
        .summary = "fetch a model into the model folder",
        .description =
            "Fetches a model (the default one, when none is named) and verifies it before it is renamed into place. Does nothing when it is "
            "already there and whole. This is the only command that uses the network.",
        .outputs = "The model goes to the model folder.",
        .examples = model_pull_examples,
        .run = cli_model_pull,
    },
    {
        .name = "languages list",
        .operands = "",
        .summary = "list the programming languages",
        .description =
            "Lists the languages that this program can read, and which of them it can generate under masks; then the language packs, "
            "by which a language is masked in full where no rule is: the states of their parsers, the files they are for, and what they were made of.",
        .outputs = "Tables, or a JSON list, on standard output.",
        .options = json_list_options,
        .examples = languages_examples,
        .run = cli_languages_list,
    },
    {
        .name = "doctor",
        .operands = "",
        .summary = "look whether everything is in place",
        .description =
            "Looks at what the other commands need - model folder, default model, language data, processor - and says how to mend what is "
            "missing.",
        .outputs = "A table, or a JSON object, on standard output.",
        .exit_no = "something is missing",
        .options = json_only_options,
        .examples = doctor_examples,
        .run = cli_doctor,
    },
    {
        .name = "version",
        .operands = "",
        .summary = "print the version",
        .description = "Prints the version of the program and, where it differs, of the library it runs with.",
        .outputs = "A line, or a JSON object, on standard output.",
        .options = json_only_options,
        .examples = version_examples,
        .run = cli_show_version,
    },
    {
        .name = "help",
        .operands = "[COMMAND]",
        .operand_values = VALUES_COMMAND,
        .most = 2,
        .summary = "show help on a command",
        .description = "Shows what a command does. Without a command: the list of commands.",
        .outputs = "The text goes to standard output.",
        .options = help_options,
        .examples = help_examples,
        .run = cli_help,
    },
    END,
};

/* Does the name begin with this word, and with what behind it? NULL: it does not; "" when that is the whole name. */
static const char *after_word(const char *name, const char *word) {
    size_t length = strlen(word);
    if (length == 0 || strncmp(name, word, length) != 0) return NULL;
    return name[length] == '\0' ? name + length : name[length] == ' ' ? name + length + 1 : NULL;
}

int cli_command_is_group(const char *word) {
    for (const Command *command = cli_commands; command->name; command++) {
        const char *rest = after_word(command->name, word);
        if (rest && *rest) return 1;
    }
    return 0;
}

const Command *cli_command_find(int count, char *const *words, int *words_used) {
    const Command *only = NULL;
    size_t members = 0;
    *words_used = 0;
    for (const Command *command = cli_commands; count > 0 && command->name; command++) {
        const char *rest = after_word(command->name, words[0]);
        if (!rest) continue;
        if (!*rest) return *words_used = 1, command;
        if (count > 1 && strcmp(rest, words[1]) == 0) return *words_used = 2, command;
        only = command, members++;
    }
    if (members != 1 || (count > 1 && words[1][0] != '-')) return NULL;
    return *words_used = 1, only;
}
