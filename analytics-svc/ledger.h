/*
 * Counts each event exactly once. Producers number what they ship and repeat
 * it until it is acknowledged; the ledger keeps the last number of each, in
 * the same transaction as the counters, and takes only the one that follows.
 */
#ifndef ANALYTICS_LEDGER_H
#define ANALYTICS_LEDGER_H

#include <stddef.h>

#include "analytics-svc/store.h"
#include "proto/proto.h"

struct ledger;

/*
 * Takes memory to work in, which keeps nothing from one call to the next. NULL
 * when there is none. store must outlive it.
 */
struct ledger *ledger_new(struct store *store);
void ledger_free(struct ledger **ledger);

/*
 * A producer says that nothing below `oldest` will ever come again. Where less
 * has been counted (this database was restored from an old copy), the ledger
 * moves on to there, for waiting would be for ever. Fills what has been counted
 * of the producer. Returns DB_OK or why not.
 */
enum db_status ledger_resume(struct ledger *ledger,
    const struct events_open *open, struct events_acked *acked);

/*
 * Counts the events of a commit when their number is the one that follows;
 * what was counted already is left alone, and so is what would leave a gap.
 * acked is then what has been counted, the events of this call included.
 * *left_out is how many events told of nothing that can be counted. Returns
 * DB_OK or why not: the transaction must then be rolled back.
 */
enum db_status
ledger_append(struct ledger *ledger, const struct events_append *append,
    struct events_acked *acked, size_t *left_out);

#endif
