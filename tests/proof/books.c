/*
 * Compares the dashboard with a ledger; see books.h.
 */
#include "tests/proof/books.h"
#include "tests/proof/proof.h"

#define CAUGHT_UP_MS (INT64_C(20000) * RIG_SLACK)

static int64_t
total(struct suite *suite, const char *jwt, const char *name)
{
	const struct reply *reply = flow_overview(suite->client, jwt);

	want_status(reply, 200);
	return want_integer(
	    reply, client_text(suite->client, "totals.%s", name));
}

static void
want_totals(struct suite *suite, const char *jwt,
    const struct hoard_counts *counts, int64_t challenges)
{
	const int64_t end = rig_deadline(CAUGHT_UP_MS);

	while (proof_metric(suite->client,
		   "aic_service_outbox_rows{service=\"challenge-0\"}") != 0)
		rig_look_again(end, "the outbox to be empty");
	assert_int_equal(total(suite, jwt, "challenges"), challenges);
	assert_int_equal(total(suite, jwt, "solved"), counts->solved);
	assert_int_equal(total(suite, jwt, "allowed"), counts->solved);
	assert_int_equal(total(suite, jwt, "incorrect"), counts->incorrect);
	assert_int_equal(total(suite, jwt, "verifications"),
	    counts->solved + counts->incorrect);
	assert_int_equal(total(suite, jwt, "siteverified"), counts->redeemed);
	assert_int_equal(total(suite, jwt, "expired"), 0);
}

/* Rows of the key's challenges; the service ends for it, and starts again. */
static int64_t
count_rows(struct suite *suite, const char *key_id)
{
	const char *path = client_text(
	    suite->client, "%s/d/challenge-0.db", rig_dir(suite->rig));
	char id[33] = "";
	size_t len = 0;
	int64_t rows;

	for (; *key_id != '\0' && len < sizeof(id) - 1; key_id++) {
		if (*key_id != '-')
			id[len++] = *key_id;
	}
	rig_end(suite->rig, RIG_CHALLENGE_0);
	proof_want_whole(path);
	rows = proof_query_number(path,
	    client_text(suite->client,
		"SELECT count(*) FROM challenge WHERE key_id = x'%s'", id));
	rig_restart(suite->rig, RIG_CHALLENGE_0);
	rig_await_ready(suite->rig);
	return rows;
}

int64_t
books_balance(struct suite *suite, const char *jwt, const char *key_id,
    const struct hoard_counts *counts)
{
	const int64_t rows = count_rows(suite, key_id);

	assert_in_range(
	    rows, counts->created, counts->created + counts->created_in_doubt);
	want_totals(suite, jwt, counts, rows);
	return rows - counts->created;
}
