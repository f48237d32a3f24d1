/*
 * Expression trees as the sampler prints them for the insider: S-expressions
 * such as "(add (sum (except (all) (top 1))) (const 38))", each node its name,
 * a number, symbols of the text, children.
 */

#ifndef TESTS_RESISTANCE_TREE_H
#define TESTS_RESISTANCE_TREE_H

#include "tests/resistance/sample.h"

#define NODES_MAX    64
#define CHILDREN_MAX 3
#define NAME_SIZE    20
#define NAMES_OF_SET 4 /* names that one tree may give */

struct node {
	char name[NAME_SIZE];
	bool numbered;
	int number;
	uint8_t marks;
	char mark[2];
	uint8_t children;
	uint8_t child[CHILDREN_MAX];
};

struct expression {
	struct node node[NODES_MAX];
	uint8_t count; /* the root is the first */
};

/* False when the text is no such tree. */
bool expression_read(struct expression *expression, const char *text);

/* False when some node means nothing here, or is of no known kind. */
bool expression_run(const struct expression *expression,
    const struct sample *sample, int64_t *value);

#endif
