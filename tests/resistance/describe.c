/*
 * Programs in words; see describe.h.
 */
#include "tests/resistance/describe.h"

static const char *const pick_names[] = { "all", "even", "odd", "single",
	"repeated", "rising", "falling", "odd places", "even places", "first",
	"last", "largest", "smallest", "above", "below", "at least", "at most",
	"equal", "places from", "from", "before", "after", "between", "outside",
	"next", "previous", "set" };
static const char *const value_names[] = { "next", "previous", "first", "last",
	"place", "repeated", "value", "given" };
static const char *const aggregate_names[] = { "sum", "count", "max", "min",
	"range", "extremes", "product", "alternating", "weighted", "distinct",
	"ends" };
static const char *const relation_names[] = { "", "except", "inside", "neither",
	"all but", "times", "signed", "prices" };
static const char *const join_names[] = { "", "+", "-", "from", "*", "max",
	"min", "gap", "if" };
static const char *const tail_names[] = { "", "+", "from", "*", "-" };
static const char *const condition_names[] = { "even", ">", "<", "such as" };

static void
describe_value(FILE *to, size_t id)
{
	const struct piece *piece = value_piece(id);

	fprintf(to, "%s", value_names[piece->kind]);
	if (piece->ref_kind != REF_NONE)
		fprintf(to, " %u", piece->ref);
}

static void
describe_pick(FILE *to, size_t id)
{
	const struct piece *piece = pick_piece(id);

	fprintf(to, "%s", pick_names[piece->kind]);
	if (piece->value != 0) {
		fprintf(to, " (");
		describe_value(to, piece->value - 1U);
		fprintf(to, ")");
	} else if (piece->ref_kind != REF_NONE) {
		fprintf(to, " %u", piece->ref);
	}
}

static void
describe_number(FILE *to, const struct number *number)
{
	if (number->aggregate == AGG_VALUE) {
		describe_value(to, number->a);
		return;
	}
	fprintf(to, "%s[", aggregate_names[number->aggregate]);
	describe_pick(to, number->a);
	if (number->relation != REL_ONLY) {
		fprintf(to, " %s ", relation_names[number->relation]);
		describe_pick(to, number->b);
	}
	if (number->relation == REL_TIMES || number->relation == REL_PRICES)
		fprintf(to, " *N%u", number->n);
	if (number->relation == REL_PRICES)
		fprintf(to, " N%u", number->other);
	fprintf(to, "]");
}

void
describe_program(FILE *to, const struct program *program)
{
	describe_number(to, &program->one);
	if (program->join != JOIN_NONE) {
		fprintf(to, " %s ", join_names[program->join]);
		if (program->join == JOIN_IF) {
			describe_number(to, &program->left);
			fprintf(
			    to, " %s ", condition_names[program->condition]);
			if (program->condition != COND_IS_EVEN)
				describe_number(to, &program->right);
			fprintf(to, " else ");
		}
		describe_number(to, &program->two);
	}
	if (program->middle != TAIL_NONE)
		fprintf(to, " %s N%u", tail_names[program->middle],
		    program->middle_ref);
	if (program->tail != TAIL_NONE)
		fprintf(to, " %s N%u", tail_names[program->tail], program->ref);
}

void
describe_tokens(FILE *to, const struct words *words, const struct token *token,
    size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		fprintf(to, "%s%s", i == 0 ? "" : " ",
		    words_text(words, token[i].id));
}
