/*
 * challenge-svc --sample: challenges as JSON lines, without any server.
 */

#ifndef CHALLENGE_SVC_SAMPLE_H
#define CHALLENGE_SVC_SAMPLE_H

/*
 * Runs the sampler on the whole command line of the process, whose first
 * argument is --sample:
 *
 *   challenge-svc --sample N --level easy,medium,hard --seed S [--answers]
 *
 * prints N challenges (1 to 10,000,000) for each level listed, in the order of
 * the list, one JSON object a line with the keys text, digits, instruction,
 * operationId, level, humanTimeMs and, when asked for, answer.  The same N,
 * levels and seed (0 to 2^64-1) print the same lines, and a smaller N the
 * first ones of each level.
 *
 * Returns the exit status: 0, 1 when standard output fails, 2 with a message
 * on standard error for a bad command line.
 */
int sample_main(int argc, char **argv);

#endif
