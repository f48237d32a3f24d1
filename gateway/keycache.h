/*
 * What the gateway remembers of API keys, so that the hot path asks auth-svc
 * nothing. It holds hashes of keys, never keys.
 *
 * An entry may be used freely while auth-svc has lately said which keys
 * changed; after KEYCACHE_SILENCE_NS without that it is stale, to be asked for
 * again, and good only when auth-svc cannot answer. So a revoked key dies
 * within a second, and known keys go on working while auth-svc is away.
 */
#ifndef GATEWAY_KEYCACHE_H
#define GATEWAY_KEYCACHE_H

#include <stdint.h>

#include "common/api_key.h"
#include "proto/proto.h"

#define KEYCACHE_ENTRIES    4096 /* keys; the least recently used goes first */
#define KEYCACHE_REFUSALS   512	 /* keys known to be no good */
#define KEYCACHE_SILENCE_NS INT64_C(700000000)
#define KEYCACHE_REFUSAL_NS INT64_C(2000000000) /* a refusal's life */

struct keycache;

/* NULL when memory ends. */
struct keycache *keycache_new(void);
void keycache_free(struct keycache **cache);

enum keycache_result {
	KEYCACHE_MISS,
	KEYCACHE_FRESH,
	KEYCACHE_STALE,
	KEYCACHE_REFUSED, /* asked a moment ago: no such key */
};

/*
 * Looks a key up. *info points into the cache when FRESH or STALE, until the
 * next call that changes the cache. An entry whose time is over is dropped and
 * missed.
 */
enum keycache_result
keycache_find(struct keycache *cache, const uint8_t hash[API_KEY_HASH_BYTES],
    int64_t now_ns, const struct key_info **info);

/*
 * Remembers what auth-svc said of the key, which was asked at asked_ns or
 * later; replaces what was known. What is left of its life counts from then: no
 * step of the wall clock makes it longer or shorter. When auth-svc is too old
 * to say how much is left, it is asked again before long.
 */
void
keycache_put(struct keycache *cache, const uint8_t hash[API_KEY_HASH_BYTES],
    const struct key_info *info, int64_t asked_ns);

/* Remembers that auth-svc refused the key, for a moment. */
void keycache_refuse(struct keycache *cache,
    const uint8_t hash[API_KEY_HASH_BYTES], int64_t now_ns);

/*
 * Takes auth-svc's answer to a KEY_CHANGES that was asked at asked_ns. Returns
 * true when more changes wait, so that it should be asked again at once.
 */
bool keycache_changed(struct keycache *cache, const struct key_changed *changed,
    int64_t asked_ns);

/* Fills the next KEY_CHANGES: since, and keys used since the last one. */
void keycache_ask(struct keycache *cache, struct key_changes *changes);

#endif
