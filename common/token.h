/*
 * Challenge and verification tokens, as far as more than one process has to
 * know them: the text form of a UUID (version 8 of RFC 9562) that carries the
 * number of the shard which made it, so that the gateway knows whom to ask.
 */
#ifndef COMMON_TOKEN_H
#define COMMON_TOKEN_H

/* Index of the byte of the UUID that is the shard, 0..255. */
#define TOKEN_SHARD_BYTE 7

#endif
