/*
 * Fuzzes phrase packs, which an operator writes. Bits of the first byte: 1, the
 * default pack comes first, as in service; 2, a pack that is taken is tried
 * out, too (few samples: it is the reading of odd phrases that is looked at).
 * The rest is the pack. libFuzzer's time limit watches that neither takes long.
 */
#include "challenge-svc/check/book_check.h"
#include "challenge-svc/lang/pack.h"
#include "proto/testing_fuzz.h"

#define SAMPLES 1

static void
look_at_error(const char error[PHRASEBOOK_ERROR_SIZE])
{
	fuzz_must(error[0] != '\0' &&
		strnlen(error, PHRASEBOOK_ERROR_SIZE) < PHRASEBOOK_ERROR_SIZE,
	    "a refusal says why");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char error[PHRASEBOOK_ERROR_SIZE] = "";
	struct phrasebook *book = NULL;
	struct pack_text packs[2];
	size_t count = 0;

	if (size == 0)
		return 0;
	if ((data[0] & 1u) != 0)
		packs[count++] = pack_default();
	packs[count++] = (struct pack_text){ "fuzz", (const char *)data + 1,
		size - 1 };
	book = pack_read(packs, count, error);
	if (book == NULL) {
		look_at_error(error);
		return 0;
	}
	error[0] = '\0';
	if ((data[0] & 2u) != 0 &&
	    book_check(book, SAMPLES, NULL, NULL, error) != 0)
		look_at_error(error);
	phrasebook_free(&book);
	return 0;
}
