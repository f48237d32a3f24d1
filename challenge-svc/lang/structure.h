/*
 * The structure of an instruction: what is left of it when its values are taken
 * out, that is figures, number words above one, symbols and names.
 */

#ifndef CHALLENGE_SVC_LANG_STRUCTURE_H
#define CHALLENGE_SVC_LANG_STRUCTURE_H

#include <stdint.h>

/*
 * A hash of the structure: two instructions that differ in values only have the
 * same one; of two million others a pair may share one by chance once in ten
 * million times.
 */
uint64_t structure_hash(const char *instruction);

#endif
