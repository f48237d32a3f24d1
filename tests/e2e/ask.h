/*
 * Asking until there is an answer, for loads that go on while services are
 * killed. Nothing in here fails the test: it is for any thread.
 */
#ifndef TESTS_E2E_ASK_H
#define TESTS_E2E_ASK_H

#include <stdbool.h>
#include <stdint.h>

#include "tests/e2e/client.h"

/*
 * True when nobody knows whether the request was carried out: there was no
 * answer, or 504. 503 is a refusal: nothing was done.
 */
bool ask_in_doubt(const struct reply *reply);

/*
 * Sends the request until the answer is neither in doubt nor 503, or until a
 * time that is far longer than any outage has passed. Returns the last answer;
 * *doubts counts the attempts of which nobody knows whether they were carried
 * out.
 */
const struct reply *ask_until_answered(
    struct client *client, const struct request *request, int64_t *doubts);

#endif
