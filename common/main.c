/*
 * The program `curve-keys`: makes the key pairs that processes on different
 * hosts know each other by. See curve.h for the files, deploy/curve-keys for
 * how an operator uses it.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "common/curve.h"
#include "common/secret.h"

#define EXIT_USAGE 2

int
main(int argc, char **argv)
{
	char error[512] = "";
	int i;

	if (argc < 3) {
		(void)fprintf(stderr, "usage: %s DIRECTORY NAME...\n", argv[0]);
		return EXIT_USAGE;
	}
	if (secret_init() != 0) {
		(void)fprintf(stderr, "curve-keys: no source of randomness\n");
		return 1;
	}
	if (mkdir(argv[1], S_IRWXU) != 0 && errno != EEXIST) {
		(void)fprintf(
		    stderr, "curve-keys: %s: %s\n", argv[1], strerror(errno));
		return 1;
	}
	for (i = 2; i < argc; i++) {
		if (curve_make(argv[1], argv[i], error, sizeof(error)) != 0) {
			(void)fprintf(stderr, "curve-keys: %s\n", error);
			return 1;
		}
		(void)printf(
		    "%s/%s.key and %s.pub\n", argv[1], argv[i], argv[i]);
	}
	return 0;
}
