/*
 * Fuzzes the gate: what it accepts is what Kore will read, and what it says of
 * a part of the bytes it does not take back when the rest has come.
 */
#include "gateway/cors.h"
#include "gateway/gate.h"
#include "proto/testing_fuzz.h"

/*
 * Printable bytes in lines that end in CR LF, and tabs before a value: Kore
 * stumbles over all else.
 */
static bool
is_plain(const unsigned char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (bytes[i] == '\r' && i + 1 < len && bytes[i + 1] == '\n')
			continue;
		if (bytes[i] == '\n' && i > 0 && bytes[i - 1] == '\r')
			continue;
		if (bytes[i] == '\t' && i > 0 &&
		    strchr(": \t", bytes[i - 1]) != NULL)
			continue;
		if (bytes[i] < ' ' || bytes[i] > '~')
			return false;
	}
	return true;
}

/* The lines of a head, without the first and the empty one. */
static size_t
count_fields(const unsigned char *head, size_t len)
{
	size_t lines = 0;

	for (size_t i = 0; i < len; i++)
		lines += head[i] == '\n';
	return lines - 2;
}

static void
look_at_accepted(const uint8_t *data, size_t size, struct gate_result before)
{
	const size_t room = before.head_len + GATE_REWRITE_ROOM;
	unsigned char *head = fuzz_alloc(room);
	size_t len = before.head_len;
	struct gate_result after;

	fuzz_must(len <= size && len <= GATE_HEAD_MAX, "a head has its bound");
	fuzz_must(before.body_len <= GATE_BODY_MAX, "a body has its bound");
	fuzz_must(size - len <= before.body_len,
	    "nothing is accepted past the end of a request");
	memcpy(head, data, len);
	if (before.rewrite)
		len = gate_rewrite(head, len);
	fuzz_must(len <= room, "a rewritten head fits");
	fuzz_must(before.body_len == 0 || len <= before.head_len,
	    "only a head without a body becomes longer");
	fuzz_must(is_plain(head, len), "Kore sees plain lines only");
	fuzz_must(count_fields(head, len) <= GATE_FIELDS_MAX + 1,
	    "Kore reads every field");
	/* One more than a client may send: the length that was left out. */
	if (count_fields(head, len) == GATE_FIELDS_MAX + 1) {
		free(head);
		return;
	}
	after = gate_examine(head, len);
	fuzz_must(after.verdict == GATE_ACCEPT && !after.rewrite,
	    "a rewritten head is accepted as it is");
	fuzz_must(after.head_len == len && after.body_len == before.body_len,
	    "a rewritten head ends where it ended");
	fuzz_must(after.is_head == before.is_head &&
		after.expects_continue == before.expects_continue,
	    "a rewritten head asks the same");
	free(head);
}

static void
look_at_refused(const uint8_t *data, size_t size, struct gate_result result)
{
	char answer[GATE_ANSWER_MAX], page[PROTO_ORIGIN_MAX + 1] = "";
	const struct gate_refusal refusal = { .error = result.error,
		.detail = result.detail,
		.page = page,
		.headers_only = result.is_head };
	int status = proto_error_find(result.error)->status;
	size_t len;

	fuzz_must(status >= 400 && status < 500, "a refusal is the client's");
	fuzz_must(result.detail != NULL, "a refusal says why");
	gate_page(data, size, page);
	fuzz_must(page[0] == '\0' || cors_origin_valid(page),
	    "only a valid origin is told");
	len = gate_answer(answer, sizeof(answer), &refusal);
	fuzz_must(len > 0 && len <= sizeof(answer), "a refusal fits");
}

/* The bytes came in two reads: is the first part judged like the whole? */
static void
look_at_part(const uint8_t *data, size_t cut, struct gate_result whole)
{
	uint8_t *part = fuzz_alloc(cut);
	struct gate_result result;

	memcpy(part, data, cut);
	result = gate_examine(part, cut);
	if (result.verdict == GATE_REFUSE)
		fuzz_must(whole.verdict == GATE_REFUSE,
		    "what is refused in part is refused as a whole");
	if (result.verdict == GATE_ACCEPT && whole.verdict == GATE_ACCEPT)
		fuzz_must(result.head_len == whole.head_len &&
			result.body_len == whole.body_len,
		    "a body that comes later changes nothing");
	if (result.verdict == GATE_ACCEPT)
		fuzz_must(whole.verdict != GATE_MORE,
		    "a head that is complete stays so");
	free(part);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct gate_result result = gate_examine(data, size);
	const uint8_t *line = size == 0 ? NULL : memchr(data, '\n', size);

	switch (result.verdict) {
	case GATE_ACCEPT:
		look_at_accepted(data, size, result);
		break;
	case GATE_REFUSE:
		look_at_refused(data, size, result);
		break;
	case GATE_MORE:
		fuzz_must(size < GATE_HEAD_MAX, "waiting has its bound");
		break;
	}
	if (size > 1) {
		look_at_part(data, size - 1, result);
		look_at_part(data, 1 + (data[size / 2] * size) / 257, result);
	}
	if (line != NULL && line > data)
		look_at_part(data, (size_t)(line - data), result);
	return 0;
}
