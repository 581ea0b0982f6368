/* What commands ask about models. */
#ifndef ANANKE_CLI_MODEL_H
#define ANANKE_CLI_MODEL_H

#include <ananke/model_store.h>
#include <stdbool.h>

/* Is a file of its name in the model folder? (Whether it is whole, `model verify` says.) */
bool cli_model_is_here(const ananke_model_info *model);

#endif
