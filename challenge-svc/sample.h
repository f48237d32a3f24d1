/*
 * challenge-svc --sample: challenges without any server, to look at, to try on
 * a language model, and for the tests.
 */

#ifndef CHALLENGE_SVC_SAMPLE_H
#define CHALLENGE_SVC_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "challenge-svc/lang/generate.h"

#define SAMPLE_COUNT_MAX  10000000
#define SAMPLE_LEVELS_MAX 16

/* The command line. */
struct sample_options {
	uint64_t count;
	uint64_t seed;
	enum challenge_level level[SAMPLE_LEVELS_MAX];
	size_t levels;
	const char *packs; /* directory, "" for none */
	const char *check; /* file of answers, or NULL */
	bool has_seed;
	bool answers;
	bool trees;
	bool plain;
	bool pairs;
	bool measure;
};

/*
 * Runs the sampler on the whole command line of the process, whose first
 * argument is --sample:
 *
 *   challenge-svc --sample N --level easy,medium,hard --seed S [--packs DIR]
 *       [--answers] [--trees] [--pairs] | [--plain] | [--check FILE] |
 *       [--measure]
 *
 * N challenges (1 to 10,000,000) for each level listed, in the order of the
 * list.  The same N, levels, seed (0 to 2^64-1) and packs give the same ones,
 * and a smaller N the first ones of each level.
 *
 * Prints one JSON object a line with the keys text, digits, instruction,
 * operationId, level, humanTimeMs and, when asked for, answer and tree (what
 * the instruction means, see tree_write).  --plain prints them numbered, for
 * pasting; --check reads answers to them, "NUMBER: ANSWER" a line, and prints
 * how many are right at each level, and each wrong one.  --pairs draws N
 * minimal pairs (pairs.h) for every operation instead, two lines each, at
 * levels above easy.  --measure prints nothing of the challenges, but how long
 * one takes to draw on one core, how many different structures there were
 * (instructions that differ in more than numbers, symbols and names), and how
 * often the commonest answer is right.
 *
 * Returns the exit status: 0, 1 when a file or standard output fails, 2 with a
 * message on standard error for a bad command line or bad packs.
 */
int sample_main(int argc, char **argv);

/* The seed of challenge number (from 0) of a seed; the level is mixed in. */
void sample_seed(
    uint8_t bytes[CHALLENGE_SEED_BYTES], uint64_t seed, uint64_t number);

/* Draws challenge number (from 0) of a level. */
void sample_draw(struct instance *out, const struct phrasebook *book,
    enum challenge_level level, uint64_t seed, uint64_t number);

/* Printing one: -1 when standard output fails.  number counts from 1. */
int sample_print_json(const struct instance *instance,
    enum challenge_level level, const struct sample_options *options);
int sample_print_plain(const struct instance *instance, uint64_t number);

/* Prints the measures of a level; -1 without memory or standard output. */
int sample_measure(const struct sample_options *options,
    const struct phrasebook *book, enum challenge_level level);

/*
 * Scores the file of answers against what options draw from book: the exit
 * status of the process.
 */
int sample_check(
    const struct sample_options *options, const struct phrasebook *book);

#endif
