/*
 * What makes a good e-mail address, and a password that gives one away. Pure.
 */
#ifndef AUTH_SVC_ACCOUNT_RULES_H
#define AUTH_SVC_ACCOUNT_RULES_H

#include <stdbool.h>

#include "proto/proto.h"

/*
 * Brings a typed e-mail address into the form that is stored and compared:
 * trimmed, lower-case. Returns 0; -1 when it is not an address: the syntax is
 * that of the HTML standard ("valid email address", section 4.10.5.1.5), which
 * leaves out what nobody types; besides, a domain has a dot or is `localhost`,
 * a dot in the local part stands between two other characters (RFC 5322,
 * section 3.2.3), the local part has at most 64 bytes, and all of it at most
 * 254 (RFC 5321, section 4.5.3.1).
 */
int account_normalise_email(const char *typed, char email[PROTO_EMAIL_MAX + 1]);

/*
 * True when a password holds the (normalised) address, or its local part when
 * that has four characters or more, in either letter case.
 */
bool account_password_has_email(const char *password, const char *email);

#endif
