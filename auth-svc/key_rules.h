/*
 * The settings of an API key: defaults, what a change does to them, which
 * origins there are. Pure.
 */
#ifndef AUTH_SVC_KEY_RULES_H
#define AUTH_SVC_KEY_RULES_H

#include "proto/proto.h"

#define KEY_TTL_DEFAULT	  320	/* seconds a challenge lives */
#define KEY_GRACE_DEFAULT 86400 /* seconds a rotated secret lives */

/*
 * Brings a typed origin into the form that a browser sends (RFC 6454, section
 * 6.2): scheme://host or scheme://host:port, lower-case, without the scheme's
 * own port. Returns 0; -1 when it is anything but an http or https origin
 * (a path, a trailing slash, a wildcard, credentials, a name that is not
 * ASCII; such a name is to be given as a browser sends it, in Punycode).
 */
int key_normalise_origin(const char *typed, char origin[PROTO_ORIGIN_MAX + 1]);

/* The least score that passes when an owner does not say. */
int64_t key_default_min_score(uint8_t level);

/*
 * Fills the name and the settings of a new key from what was asked for and the
 * defaults; leaves the other members alone. Returns NULL, or the name of the
 * field that is not valid.
 */
const char *
key_apply_create(struct api_key *key, const struct key_create *request);

/*
 * Changes the name and the settings that the request has. When it has a
 * difficulty and no minimum score, one that is the default of the level before
 * becomes the default of the new one, and any other stays. Returns NULL, or the
 * name of the field that is not valid, with *key then half changed.
 */
const char *
key_apply_update(struct api_key *key, const struct key_update *request);

/* Copies the settings to what a gateway is told. */
void key_fill_info(struct key_info *info, const struct api_key *key);

#endif
