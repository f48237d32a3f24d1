/*
 * Phrase packs as files: all packs of a directory, read into a phrasebook.
 */
#ifndef CHALLENGE_SVC_PACK_FILES_H
#define CHALLENGE_SVC_PACK_FILES_H

#include <stdint.h>

#include "challenge-svc/lang/phrasebook.h"

/*
 * Reads the default pack and then, in the order of their names, every file
 * *.pack of the directory; "" stands for no directory. Names that begin with a
 * dot are passed over, as editors leave them. With packs beside the default
 * one the book is tried out (book_check.h), which takes about a second. Returns
 * a book to be freed by phrasebook_free, or NULL with one line in error:
 * "FILE:LINE: what is wrong", or what cannot be read.
 */
struct phrasebook *
pack_files_read(const char *directory, char error[PHRASEBOOK_ERROR_SIZE]);

/*
 * A number that changes when a pack of the directory is added, removed, renamed
 * or written: a hash of names and contents, since two writings within one tick
 * of the file system's clock have one time. 0 for "" and for a directory that
 * cannot be read.
 */
uint64_t pack_files_stamp(const char *directory);

#endif
