/*
 * The tables that every service's database begins with.
 */

#include "common/outbox.h"

const char common_schema_first[] =
    "CREATE TABLE meta ("
    "	name  TEXT PRIMARY KEY," /* what it is: 'producer' */
    "	value ANY NOT NULL"	 /* integer, text or blob */
    ") STRICT, WITHOUT ROWID;"

    "CREATE TABLE outbox ("
    "	sequence INTEGER PRIMARY KEY," /* counts up, never used twice */
    "	body     BLOB NOT NULL"	       /* the events of one commit, packed */
    ") STRICT;";

const char common_schema_producer[] =
    "ALTER TABLE outbox ADD COLUMN"
    "	producer BLOB;"; /* whose it is; NULL: of the 'producer' in meta */
