/*
 * Why an operation was refused.
 */
#include <stdio.h>

#include "auth-svc/service.h"

int
refuse(struct refusal *why, enum proto_error error, const char *field,
    const char *detail)
{
	why->status = DB_OK;
	why->error = error;
	why->field = field;
	(void)snprintf(why->detail, sizeof(why->detail), "%s",
	    detail != NULL ? detail : "");
	return -1;
}

int
refuse_store(struct refusal *why, enum db_status status)
{
	why->status = status;
	why->error = PROTO_ERROR_INTERNAL;
	why->field = NULL;
	why->detail[0] = '\0';
	return -1;
}
