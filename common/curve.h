/*
 * CURVE: the keys that processes on different hosts know each other by.
 *
 * One directory has them all. NAME.key is the secret half of a process's pair
 * and lies on its own host only; NAME.pub is the public half and lies on every
 * host. Each is one line: a key in base64. The names say who is who: "auth",
 * "analytics", "challenge-0" and so on for each shard, and "gateway" or
 * "gateway-" and more for each gateway.
 */
#ifndef COMMON_CURVE_H
#define COMMON_CURVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CURVE_KEY_BYTES	 32
#define CURVE_TEXT_BYTES 44 /* of a key in base64, without its NUL */
#define CURVE_NAME_MAX	 48
#define CURVE_GATEWAY	 "gateway"
#define CURVE_AUTH	 "auth"
#define CURVE_ANALYTICS	 "analytics"
#define CURVE_CHALLENGE	 "challenge-"

struct curve_pair {
	uint8_t public_key[CURVE_KEY_BYTES];
	uint8_t secret_key[CURVE_KEY_BYTES];
};

/* What a client needs: its own pair, and the key that only the server has. */
struct curve_link {
	struct curve_pair own;
	uint8_t server_key[CURVE_KEY_BYTES];
};

/* True for the name of a process, as above. */
bool curve_name_valid(const char *name);

/* True for the name of a gateway. */
bool curve_name_is_gateway(const char *name);

/*
 * Makes NAME.key (0600) and NAME.pub (0644) in a directory that is there; both
 * are on the disk when it returns. Replaces nothing. Returns 0; -1 with a
 * sentence in error.
 */
int curve_make(
    const char *directory, const char *name, char *error, size_t error_size);

/*
 * Reads the pair of NAME.key. Returns 0; -1 with a sentence in error, also when
 * others than its user may read the file. The caller wipes it after use.
 */
int curve_load_pair(const char *directory, const char *name,
    struct curve_pair *pair, char *error, size_t error_size);

/* Reads NAME.pub. Returns 0; -1 with a sentence in error. */
int curve_load_public(const char *directory, const char *name,
    uint8_t key[CURVE_KEY_BYTES], char *error, size_t error_size);

/* Overwrites the secrets. */
void curve_wipe_pair(struct curve_pair *pair);
void curve_wipe_link(struct curve_link *link);

/* A key as text. */
void curve_format(
    const uint8_t key[CURVE_KEY_BYTES], char text[CURVE_TEXT_BYTES + 1]);

/* -------- the list of those who may connect -------- */

#define CURVE_LIST_MAX 1024

struct curve_list;

/*
 * Reads every NAME.pub of a directory, or with gateways_only those of gateways.
 * Other files are not looked at. NULL with a sentence in error when one is not
 * a key, its name is no process's, there are more than CURVE_LIST_MAX, or
 * others than its user can write to the directory.
 */
struct curve_list *curve_list_load(
    const char *directory, bool gateways_only, char *error, size_t error_size);
void curve_list_free(struct curve_list **list);

/* The name under which a key is on the list, NULL when it is not. */
const char *curve_list_find(
    const struct curve_list *list, const uint8_t key[CURVE_KEY_BYTES]);

#endif
