/*
 * The key cache: entries in an array, found by a hash table with chains (the
 * key's hash is random already, so its first bytes are the bucket), ordered by
 * last use in a list. Refusals are a second, smaller table where a newer one
 * simply overwrites, so that a flood of made-up keys costs no real entry.
 */
#include <stdlib.h>
#include <string.h>

#include "gateway/keycache.h"

#define BUCKETS 8192 /* twice the entries */
#define NONE	UINT32_MAX

#define NS_PER_MS INT64_C(1000000)

struct entry {
	uint8_t hash[API_KEY_HASH_BYTES];
	uint32_t chain; /* next of the same bucket, or of the free ones */
	uint32_t newer; /* by last use */
	uint32_t older;
	bool used; /* since the last KEY_CHANGES */
	int64_t until_ns;
	struct key_info info;
};

struct refusal {
	uint8_t hash[API_KEY_HASH_BYTES];
	int64_t until_ns;
};

struct keycache {
	struct entry *entries;
	uint32_t buckets[BUCKETS];
	struct refusal refusals[KEYCACHE_REFUSALS];
	uint32_t touched; /* entries that were ever taken */
	uint32_t spare;
	uint32_t newest;
	uint32_t oldest;
	uint32_t used_count;
	int64_t heard_ns; /* when the last answered KEY_CHANGES was asked */
	bool heard;
	int64_t sequence;
};

static void
forget_all(struct keycache *cache)
{
	for (size_t i = 0; i < BUCKETS; i++)
		cache->buckets[i] = NONE;
	memset(cache->refusals, 0, sizeof(cache->refusals));
	cache->touched = 0;
	cache->spare = NONE;
	cache->newest = NONE;
	cache->oldest = NONE;
	cache->used_count = 0;
}

struct keycache *
keycache_new(void)
{
	struct keycache *cache = calloc(1, sizeof(*cache));

	if (cache == NULL)
		return NULL;
	/* Entries that were never taken cost address space only. */
	cache->entries = calloc(KEYCACHE_ENTRIES, sizeof(*cache->entries));
	if (cache->entries == NULL) {
		keycache_free(&cache);
		return NULL;
	}
	forget_all(cache);
	return cache;
}

void
keycache_free(struct keycache **cache)
{
	if (*cache == NULL)
		return;
	free((*cache)->entries);
	free(*cache);
	*cache = NULL;
}

static uint32_t
first_bytes(const uint8_t hash[API_KEY_HASH_BYTES])
{
	uint32_t value;

	memcpy(&value, hash, sizeof(value));
	return value;
}

static uint32_t *
bucket_of(struct keycache *cache, const uint8_t hash[API_KEY_HASH_BYTES])
{
	return &cache->buckets[first_bytes(hash) % BUCKETS];
}

static struct refusal *
refusal_of(struct keycache *cache, const uint8_t hash[API_KEY_HASH_BYTES])
{
	return &cache->refusals[first_bytes(hash) % KEYCACHE_REFUSALS];
}

static void
unlink_use(struct keycache *cache, uint32_t index)
{
	struct entry *entry = &cache->entries[index];

	if (entry->newer == NONE)
		cache->newest = entry->older;
	else
		cache->entries[entry->newer].older = entry->older;
	if (entry->older == NONE)
		cache->oldest = entry->newer;
	else
		cache->entries[entry->older].newer = entry->newer;
}

static void
link_newest(struct keycache *cache, uint32_t index)
{
	struct entry *entry = &cache->entries[index];

	entry->newer = NONE;
	entry->older = cache->newest;
	if (cache->newest == NONE)
		cache->oldest = index;
	else
		cache->entries[cache->newest].newer = index;
	cache->newest = index;
}

static uint32_t
find_index(struct keycache *cache, const uint8_t hash[API_KEY_HASH_BYTES])
{
	uint32_t index = *bucket_of(cache, hash);

	while (index != NONE &&
	    memcmp(cache->entries[index].hash, hash, API_KEY_HASH_BYTES) != 0)
		index = cache->entries[index].chain;
	return index;
}

static void
drop(struct keycache *cache, uint32_t index)
{
	struct entry *entry = &cache->entries[index];
	uint32_t *link = bucket_of(cache, entry->hash);

	while (*link != index)
		link = &cache->entries[*link].chain;
	*link = entry->chain;
	unlink_use(cache, index);
	if (entry->used)
		cache->used_count--;
	entry->used = false;
	entry->chain = cache->spare;
	cache->spare = index;
}

enum keycache_result
keycache_find(struct keycache *cache, const uint8_t hash[API_KEY_HASH_BYTES],
    int64_t now_ns, const struct key_info **info)
{
	bool fresh = cache->heard &&
	    now_ns - cache->heard_ns <= KEYCACHE_SILENCE_NS;
	uint32_t index = find_index(cache, hash);
	const struct refusal *refusal;
	struct entry *entry;

	*info = NULL;
	if (index == NONE) {
		refusal = refusal_of(cache, hash);
		if (fresh && now_ns < refusal->until_ns &&
		    memcmp(refusal->hash, hash, API_KEY_HASH_BYTES) == 0)
			return KEYCACHE_REFUSED;
		return KEYCACHE_MISS;
	}
	entry = &cache->entries[index];
	if (now_ns >= entry->until_ns) {
		drop(cache, index);
		return KEYCACHE_MISS;
	}
	if (cache->newest != index) {
		unlink_use(cache, index);
		link_newest(cache, index);
	}
	if (!entry->used) {
		entry->used = true;
		cache->used_count++;
	}
	*info = &entry->info;
	return fresh ? KEYCACHE_FRESH : KEYCACHE_STALE;
}

static int64_t
end_of_life(const struct key_info *info, int64_t asked_ns)
{
	if (PROTO_HAS(info, key_info, expires_in_ms))
		return info->expires_in_ms > (INT64_MAX - asked_ns) / NS_PER_MS
		    ? INT64_MAX
		    : asked_ns + info->expires_in_ms * NS_PER_MS;
	if (PROTO_HAS(info, key_info, expires_at))
		return asked_ns + KEYCACHE_REFUSAL_NS;
	return INT64_MAX;
}

void
keycache_put(struct keycache *cache, const uint8_t hash[API_KEY_HASH_BYTES],
    const struct key_info *info, int64_t asked_ns)
{
	uint32_t index = find_index(cache, hash);
	struct entry *entry;
	uint32_t *bucket;

	if (index != NONE) {
		cache->entries[index].info = *info;
		cache->entries[index].until_ns = end_of_life(info, asked_ns);
		return;
	}
	if (cache->spare == NONE && cache->touched == KEYCACHE_ENTRIES)
		drop(cache, cache->oldest);
	if (cache->spare != NONE) {
		index = cache->spare;
		cache->spare = cache->entries[index].chain;
	} else {
		index = cache->touched++;
	}
	entry = &cache->entries[index];
	bucket = bucket_of(cache, hash);
	memcpy(entry->hash, hash, API_KEY_HASH_BYTES);
	entry->info = *info;
	entry->until_ns = end_of_life(info, asked_ns);
	entry->used = false;
	entry->chain = *bucket;
	*bucket = index;
	link_newest(cache, index);
}

void
keycache_refuse(struct keycache *cache, const uint8_t hash[API_KEY_HASH_BYTES],
    int64_t now_ns)
{
	uint32_t index = find_index(cache, hash);
	struct refusal *refusal = refusal_of(cache, hash);

	if (index != NONE)
		drop(cache, index);
	memcpy(refusal->hash, hash, API_KEY_HASH_BYTES);
	refusal->until_ns = now_ns + KEYCACHE_REFUSAL_NS;
}

static void
drop_key(struct keycache *cache, const struct uuid *key_id)
{
	uint32_t index = cache->newest;
	uint32_t older;

	/* A key has several entries: secret, publishable, rotated away. */
	while (index != NONE) {
		older = cache->entries[index].older;
		if (uuid_equal(&cache->entries[index].info.key_id, key_id))
			drop(cache, index);
		index = older;
	}
}

bool
keycache_changed(
    struct keycache *cache, const struct key_changed *changed, int64_t asked_ns)
{
	bool more = changed->keys_count == PROTO_CHANGES_MAX;

	if (changed->reset) {
		forget_all(cache);
	} else if (changed->keys_count > 0) {
		for (uint32_t i = 0; i < changed->keys_count; i++)
			drop_key(cache, &changed->keys[i]);
		/* What was refused may be enabled now. */
		memset(cache->refusals, 0, sizeof(cache->refusals));
	}
	cache->sequence = changed->sequence;
	if (!more) {
		cache->heard = true;
		cache->heard_ns = asked_ns;
	}
	return more;
}

static bool
is_listed(const struct key_changes *changes, const struct uuid *key_id)
{
	for (uint32_t i = 0; i < changes->used_count; i++) {
		if (uuid_equal(&changes->used[i], key_id))
			return true;
	}
	return false;
}

void
keycache_ask(struct keycache *cache, struct key_changes *changes)
{
	/* Who was used longest ago is told first: else keys that are used all
	 * the time would leave no room for the others. */
	uint32_t index = cache->oldest;
	struct entry *entry;

	memset(changes, 0, sizeof(*changes));
	changes->since = cache->sequence;
	while (index != NONE && cache->used_count > 0 &&
	    changes->used_count < PROTO_CHANGES_MAX) {
		entry = &cache->entries[index];
		index = entry->newer;
		if (!entry->used)
			continue;
		entry->used = false;
		cache->used_count--;
		if (!is_listed(changes, &entry->info.key_id))
			changes->used[changes->used_count++] =
			    entry->info.key_id;
	}
}
