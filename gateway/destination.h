/*
 * Which service a message goes to, and which shard of it.
 */
#ifndef GATEWAY_DESTINATION_H
#define GATEWAY_DESTINATION_H

#include <stddef.h>
#include <stdint.h>

#include "proto/proto.h"

/*
 * The endpoint of the bus for a message with this request record: the shard
 * that its token names, where it has one; else any shard, in turn.
 */
size_t destination_of(
    const struct proto_message_info *info, const void *request, int64_t now_ns);

#endif
