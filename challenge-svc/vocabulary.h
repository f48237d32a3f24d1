/*
 * The phrasebook in use. Packs of the directory are read again, on a thread of
 * their own, when one of them has changed; a set that is not right is refused
 * with its file and line in the log, and the last good one stays in use.
 */
#ifndef CHALLENGE_SVC_VOCABULARY_H
#define CHALLENGE_SVC_VOCABULARY_H

#include "challenge-svc/lang/phrasebook.h"

struct vocabulary;

/*
 * Reads the packs of the directory ("" for the default pack alone). When they
 * are not right, that is logged and the default pack is used until they are:
 * challenges matter more than their wording. Returns NULL with a sentence in
 * error when there is no memory or no thread, or the directory cannot be read.
 */
struct vocabulary *
vocabulary_new(const char *directory, char *error, size_t error_size);

/* Accepts NULL. */
void vocabulary_free(struct vocabulary **vocabulary);

/* The book in use: until the next vocabulary_tick. */
const struct phrasebook *vocabulary_book(const struct vocabulary *vocabulary);

/* Why the packs of the directory are not in use, "" when they are. */
const char *vocabulary_refused(const struct vocabulary *vocabulary);

/*
 * To be called a few times a second, with the time in milliseconds: takes a
 * book that was read meanwhile, and looks for changes every second.
 */
void vocabulary_tick(struct vocabulary *vocabulary, int64_t now_ms);

#endif
