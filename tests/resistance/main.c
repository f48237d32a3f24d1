/*
 * resistance: trains the script attackers on labelled challenges and prints
 * which share of fresh ones each of them solves.
 *
 *   resistance [--bars] [--level LEVEL] [--only A] [--jobs N] DIRECTORY
 *
 * The directory holds LEVEL.train and LEVEL.fresh for easy, medium and hard.
 * --only runs the attackers whose names begin with A ("d", "insider").
 * --operations prints the rates of each operation too, --tell prints what they
 * have learnt to stderr. With --bars the status is 1 when an attacker is better
 * than it should be. tests/resistance/run draws the samples.
 */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/resistance/report.h"

#define ATTACKERS_MAX 32
#define JOBS_MAX      16

/* The bars of DESIGN.md section 4, as shares; blind guessing has its own. */
static const struct {
	const char *name;
	double bar;
	double blind_bar;
} levels[LEVELS] = { { "easy", 1, 1 }, { "medium", 0.40, 0.02 },
	{ "hard", 0.10, 0.01 } };

struct cell {
	struct rate rate;
	double seconds; /* of CPU, learning and answering */
	bool skipped;	/* for want of trees */
	struct operation_rate by[OPERATIONS_MAX];
	size_t operations;
};

struct bench {
	struct words words;
	struct corpus train[LEVELS];
	struct corpus fresh[LEVELS];
	struct corpus blind[LEVELS]; /* fresh ones as attackers see them */
	bool wanted[LEVELS];
	struct cell cell[ATTACKERS_MAX][LEVELS];
	size_t attackers;
	FILE *tell;
	const char *only; /* how the wanted attackers' names begin */
	pthread_mutex_t lock;
	size_t next; /* job */
};

static bool
load(struct bench *bench, const char *directory, size_t level, const char *kind,
    struct corpus *corpus)
{
	char path[PATH_MAX];
	FILE *file;
	bool ok;

	snprintf(path, sizeof(path), "%s/%s.%s", directory, levels[level].name,
	    kind);
	file = fopen(path, "r");
	if (file == NULL) {
		fprintf(stderr, "resistance: %s: %s\n", path, strerror(errno));
		return false;
	}
	ok = corpus_read(corpus, &bench->words, file);
	fclose(file);
	if (ok && corpus->count == 0) {
		fprintf(stderr, "resistance: %s is empty\n", path);
		ok = false;
	}
	return ok;
}

static double
cpu_seconds(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) != 0)
		return 0;
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void
attack_open(const struct bench *bench, size_t level, struct attack *attack)
{
	size_t i;

	attack->words = &bench->words;
	attack->train = &bench->train[level];
	attack->fresh = &bench->blind[level];
	for (i = 0; i < LEVELS; i++)
		attack->every[i] = &bench->train[i];
	attack->tell = bench->tell;
}

static void
note(struct bench *bench, size_t attacker, size_t level, const int64_t *answer)
{
	struct cell *cell = &bench->cell[attacker][level];

	cell->rate = rate_of(&bench->fresh[level], answer);
	cell->operations = rates_by_operation(
	    &bench->fresh[level], answer, cell->by);
}

static void
attack(struct bench *bench, size_t attacker, size_t level)
{
	struct cell *cell = &bench->cell[attacker][level];
	struct attack attack;
	int64_t *answer;

	cell->skipped = attackers[attacker].insider &&
	    bench->train[level].at[0].tree == NULL;
	if (cell->skipped)
		return;
	attack_open(bench, level, &attack);
	answer = must_alloc(attack.fresh->count, sizeof(*answer));
	cell->seconds = cpu_seconds();
	attackers[attacker].run(&attack, answer);
	cell->seconds = cpu_seconds() - cell->seconds;
	note(bench, attacker, level, answer);
	free(answer);
}

/* Fresh challenges of all levels, one after the other, learning only once. */
static void
attack_every(struct bench *bench, size_t attacker)
{
	struct corpus fresh = { NULL, 0 };
	struct attack attack;
	int64_t *answer;
	double seconds;
	size_t i, at = 0, room = 0;

	for (i = 0; i < LEVELS; i++) {
		fresh.at = must_grow(fresh.at, &room,
		    fresh.count + bench->blind[i].count, sizeof(*fresh.at));
		memcpy(fresh.at + fresh.count, bench->blind[i].at,
		    bench->blind[i].count * sizeof(*fresh.at));
		fresh.count += bench->blind[i].count;
	}
	attack_open(bench, 0, &attack);
	attack.fresh = &fresh;
	answer = must_alloc(fresh.count, sizeof(*answer));
	seconds = cpu_seconds();
	attackers[attacker].run(&attack, answer);
	seconds = cpu_seconds() - seconds;
	for (i = 0; i < LEVELS; i++) {
		note(bench, attacker, i, answer + at);
		bench->cell[attacker][i].seconds = seconds / LEVELS;
		at += bench->fresh[i].count;
	}
	free(answer);
	free(fresh.at);
}

static bool
is_wanted(const struct bench *bench, size_t attacker)
{
	return bench->only == NULL ||
	    strncmp(attackers[attacker].name, bench->only,
		strlen(bench->only)) == 0;
}

/* Takes jobs until none is left; the later attackers are the slower ones. */
static void *
work(void *arg)
{
	struct bench *bench = arg;
	size_t job, attacker, level;

	for (;;) {
		pthread_mutex_lock(&bench->lock);
		job = bench->next++;
		pthread_mutex_unlock(&bench->lock);
		if (job >= bench->attackers * LEVELS)
			break;
		attacker = bench->attackers - 1 - job / LEVELS;
		level = LEVELS - 1 - job % LEVELS;
		if (!is_wanted(bench, attacker))
			continue;
		if (attackers[attacker].every && level == LEVELS - 1)
			attack_every(bench, attacker);
		else if (!attackers[attacker].every && bench->wanted[level])
			attack(bench, attacker, level);
	}
	return NULL;
}

static bool
run_all(struct bench *bench, size_t jobs)
{
	pthread_t thread[JOBS_MAX];
	size_t i;

	while (attackers[bench->attackers].name != NULL)
		bench->attackers++;
	/* The tables are laid out before threads look at them. */
	(void)pick_count();
	if (pthread_mutex_init(&bench->lock, NULL) != 0)
		return false;
	for (i = 0; i < jobs; i++)
		if (pthread_create(&thread[i], NULL, work, bench) != 0)
			return false;
	for (i = 0; i < jobs; i++)
		pthread_join(thread[i], NULL);
	pthread_mutex_destroy(&bench->lock);
	return true;
}

static void
print_sizes(const struct bench *bench)
{
	struct repetition repetition;
	size_t i;

	printf("%-8s %10s %10s %12s %s\n", "level", "labelled", "fresh",
	    "masked forms", "fresh ones whose form was seen");
	for (i = 0; i < LEVELS; i++) {
		if (!bench->wanted[i])
			continue;
		repetition = repetition_of(&bench->train[i], &bench->fresh[i]);
		printf("%-8s %10zu %10zu %12zu %28.1f %%\n", levels[i].name,
		    bench->train[i].count, bench->fresh[i].count,
		    repetition.distinct,
		    100.0 * (double)repetition.seen /
			(double)bench->fresh[i].count);
	}
}

static void
print_table(const struct bench *bench)
{
	const struct cell *cell;
	double low, high, seconds;
	size_t i, j;

	printf("\n%-26s", "% solved (95 % interval)");
	for (j = 0; j < LEVELS; j++)
		if (bench->wanted[j])
			printf(" %20s", levels[j].name);
	printf(" %8s\n", "CPU s");
	for (i = 0; i < bench->attackers; i++) {
		if (!is_wanted(bench, i))
			continue;
		printf("%-26s", attackers[i].name);
		seconds = 0;
		for (j = 0; j < LEVELS; j++) {
			cell = &bench->cell[i][j];
			if (!bench->wanted[j])
				continue;
			seconds += cell->seconds;
			if (cell->skipped) {
				printf(" %20s", "no trees given");
				continue;
			}
			rate_interval(&cell->rate, &low, &high);
			printf(" %6.2f (%5.2f-%5.2f)",
			    100.0 * (double)cell->rate.good /
				(double)cell->rate.count,
			    100 * low, 100 * high);
		}
		printf(" %8.1f\n", seconds);
	}
}

/* A table for each level: operations by attackers. */
static void
print_operations(const struct bench *bench)
{
	const struct cell *cell;
	size_t i, j, k;

	for (j = 0; j < LEVELS; j++) {
		if (!bench->wanted[j])
			continue;
		printf("\n%% solved by operation: %s\n", levels[j].name);
		for (i = 0; i < bench->attackers; i++) {
			cell = &bench->cell[i][j];
			if (!is_wanted(bench, i) || cell->skipped)
				continue;
			printf("%s:", attackers[i].name);
			for (k = 0; k < cell->operations; k++)
				printf(" %s %.0f", cell->by[k].name,
				    100.0 * (double)cell->by[k].rate.good /
					(double)cell->by[k].rate.count);
			printf("\n");
		}
	}
}

/* Says which attackers are better than they should be. */
static bool
bars_hold(const struct bench *bench)
{
	const struct cell *cell;
	bool hold = true;
	double share, bar;
	size_t i, j;

	for (i = 0; i < bench->attackers; i++) {
		for (j = 0; j < LEVELS; j++) {
			cell = &bench->cell[i][j];
			if (!bench->wanted[j] || attackers[i].insider ||
			    !is_wanted(bench, i))
				continue;
			bar = attackers[i].run == attack_blind
			    ? levels[j].blind_bar
			    : levels[j].bar;
			share = (double)cell->rate.good /
			    (double)cell->rate.count;
			if (share <= bar)
				continue;
			printf("over the bar: %s solves %.1f %% at %s, bar "
			       "%.0f %%\n",
			    attackers[i].name, 100 * share, levels[j].name,
			    100 * bar);
			hold = false;
		}
	}
	return hold;
}

static int
usage(void)
{
	fprintf(stderr,
	    "usage: resistance [--bars] [--level easy|medium|hard] [--only A] "
	    "[--jobs N] "
	    "DIRECTORY\n");
	return 2;
}

static bool
choose_level(struct bench *bench, const char *name)
{
	bool known = false;
	size_t i;

	for (i = 0; i < LEVELS; i++) {
		bench->wanted[i] = strcmp(levels[i].name, name) == 0;
		known = known || bench->wanted[i];
	}
	return known;
}

int
main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "bars", no_argument, NULL, 'b' },
		{ "level", required_argument, NULL, 'l' },
		{ "tell", no_argument, NULL, 't' },
		{ "operations", no_argument, NULL, 'p' },
		{ "only", required_argument, NULL, 'o' },
		{ "jobs", required_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	static struct bench bench;
	bool bars = false, operations = false;
	long jobs = 2;
	int option, status = 0;
	size_t i;

	for (i = 0; i < LEVELS; i++)
		bench.wanted[i] = true;
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'b')
			bars = true;
		else if (option == 'l' && choose_level(&bench, optarg))
			continue;
		else if (option == 't')
			bench.tell = stderr;
		else if (option == 'p')
			operations = true;
		else if (option == 'o')
			bench.only = optarg;
		else if (option == 'j')
			jobs = strtol(optarg, NULL, 10);
		else
			return usage();
	}
	if (optind + 1 != argc || jobs < 1 || jobs > JOBS_MAX)
		return usage();
	for (i = 0; i < LEVELS; i++) {
		if (!load(&bench, argv[optind], i, "train", &bench.train[i]) ||
		    !load(&bench, argv[optind], i, "fresh", &bench.fresh[i]))
			return 2;
	}
	for (i = 0; i < LEVELS; i++) {
		corpus_mask(&bench.train[i], &bench.words);
		corpus_mask(&bench.fresh[i], &bench.words);
		corpus_blind(&bench.blind[i], &bench.fresh[i]);
	}
	print_sizes(&bench);
	fflush(stdout);
	if (!run_all(&bench, (size_t)jobs))
		return 2;
	print_table(&bench);
	if (operations)
		print_operations(&bench);
	if (bars && !bars_hold(&bench))
		status = 1;
	for (i = 0; i < LEVELS; i++) {
		corpus_free(&bench.train[i]);
		corpus_free(&bench.fresh[i]);
		corpus_free(&bench.blind[i]);
	}
	words_free(&bench.words);
	return status;
}
