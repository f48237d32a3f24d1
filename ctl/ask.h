/*
 * Asking a service, as a gateway does, one message at a time.
 */
#ifndef CTL_ASK_H
#define CTL_ASK_H

#include "proto/proto.h"

struct ask;

/* A line to the service at an endpoint. NULL when it cannot be made (logged).
 * name is for log lines; both must outlive it. */
struct ask *ask_new(const char *name, const char *endpoint);
void ask_free(struct ask **ask);

/*
 * Sends a request and waits for its reply, some seconds at most. Returns 0; -1
 * when there is none, or a failure (logged).
 */
int ask_for(struct ask *ask, enum proto_message message, const void *request,
    void *reply);

#endif
