/*
 * Programs and masked tokens in words, to look at what attackers have learnt.
 */

#ifndef TESTS_RESISTANCE_DESCRIBE_H
#define TESTS_RESISTANCE_DESCRIBE_H

#include <stdio.h>

#include "tests/resistance/program.h"

void describe_program(FILE *to, const struct program *program);
void describe_tokens(FILE *to, const struct words *words,
    const struct token *token, size_t count);

#endif
