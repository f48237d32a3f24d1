/*
 * The vocabulary in memory: what each node of a tree can be called in English.
 * It is read from phrase packs (pack.h), then sealed, and never changes after.
 *
 * A phrase belongs to one kind of node in one form (a noun, an order, whole
 * sentences, ...).  It is a row of pieces: text, parts of the node (its number,
 * its mark), and slots for a child in a form.
 */

#ifndef CHALLENGE_SVC_LANG_PHRASEBOOK_H
#define CHALLENGE_SVC_LANG_PHRASEBOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "challenge-svc/lang/tree.h"

/*
 * Forms that the engine knows by name; packs may use others freely.  A phrase
 * may name its own node in another form: an order may use the noun, sentences
 * may use both, any other form none.
 */
enum phrase_form { FORM_NOUN, FORM_DO, FORM_SAY, FORMS_KNOWN };

#define PHRASEBOOK_FORMS_MAX   32
#define PHRASEBOOK_PHRASES_MAX 4000
#define PHRASEBOOK_PACKS_MAX   32
#define PHRASEBOOK_FITTING_MAX 64 /* phrases of one kind in one form */
#define PHRASEBOOK_ERROR_SIZE  256

/* When a phrase may be used: every bit that is set must hold for the node. */
#define PHRASE_CONDITIONS(C)                                                   \
	C(ONE, "one")	    /* n is 1 */                                       \
	C(MANY, "many")	    /* n is not 1 */                                   \
	C(LAST, "last")	    /* nothing follows it in the instruction */        \
	C(INNER, "inner")   /* something does */                               \
	C(A_ALL, "a.all")   /* child a is all digits */                        \
	C(A_PART, "a.part") /* child a is a selection */                       \
	C(A_CORE, "a.core") /* child a is worked out from digits */            \
	C(B_CORE, "b.core")                                                    \
	C(A_VALUE, "a.value") /* the same, or a name */                        \
	C(B_VALUE, "b.value")                                                  \
	C(A_SIMPLE, "a.simple") /* child a is a name or a number in figures */ \
	C(B_SIMPLE, "b.simple")                                                \
	C(A_CONST, "a.const") /* child a is a number in figures */             \
	C(B_CONST, "b.const")                                                  \
	C(A_STAGE, "a.stage") /* child a ends in a further step */             \
	C(B_STAGE, "b.stage")                                                  \
	C(A_CHOICE, "a.choice") /* child a is one of two by condition */       \
	C(B_CHOICE, "b.choice")                                                \
	C(A_TASK, "a.task") /* child a is a rule or a changed task */          \
	C(B_TASK, "b.task")                                                    \
	C(B_LET, "b.let")   /* child b gives a name */                         \
	C(B_BODY, "b.body") /* child b gives none */                           \
	C(USED, "used")	    /* the name that it gives is used in b */          \
	C(B_FLAT, "b.flat") /* b holds nothing that an "if" could join */      \
	C(A_UNPLACED, "a.unplaced") /* nothing in a ends in a place */

enum phrase_condition {
#define C(id, name) PHRASE_IF_##id,
	PHRASE_CONDITIONS(C)
#undef C
	    PHRASE_IFS
};

enum phrase_piece_type {
	PIECE_TEXT,
	PIECE_CHILD,   /* {a} {b} {c}, {a:form} */
	PIECE_SELF,    /* {s:form} */
	PIECE_FIGURES, /* {n} 2 */
	PIECE_WORD,    /* {w} two */
	PIECE_ORDER,   /* {o} second */
	PIECE_TIMES,   /* {t} twice */
	PIECE_MARK,    /* {m} the symbol */
	PIECE_MARK_2,  /* {m2} the other one */
	PIECE_LETTER,  /* {k} the name, a letter */
	PIECE_PERSON   /* {p} the name, a person's */
};

struct phrase_piece {
	uint8_t type;
	uint8_t child; /* 0..2 */
	uint8_t form;
	uint8_t size;	/* of the text */
	uint8_t spaces; /* in the text */
	uint32_t text;	/* offset in the book's texts */
};

struct phrase {
	uint32_t when;			  /* bits 1 << enum phrase_condition */
	uint32_t need[TREE_CHILDREN_MAX]; /* forms that each child must have */
	uint32_t need_self;
	uint32_t piece; /* the first one */
	uint32_t line;	/* of its pack */
	uint8_t pieces;
	uint8_t pack;
	uint8_t kind;
	uint8_t form;
	/* Bit i: words follow child i, bit PHRASE_SELF: they follow the node in
	 * another form, so no afterthought may stand there. */
	uint8_t clean;
};

#define PHRASE_SELF 7

struct phrasebook;

struct phrasebook *phrasebook_new(void);

/* Frees *book and sets it to NULL; NULL is fine. */
void phrasebook_free(struct phrasebook **book);

/*
 * The phrases of a kind in a form: a pointer to the first and their number,
 * possibly 0.  For a sealed book.
 */
const struct phrase *phrasebook_of(const struct phrasebook *book,
    enum tree_kind kind, unsigned int form, size_t *count);

/* The forms that a kind has phrases in, as bits.  For a sealed book. */
uint32_t
phrasebook_forms_of(const struct phrasebook *book, enum tree_kind kind);

/* The pieces of a phrase, and a piece's text (not NUL-terminated). */
const struct phrase_piece *
phrasebook_pieces(const struct phrasebook *book, const struct phrase *phrase);
const char *phrasebook_text(
    const struct phrasebook *book, const struct phrase_piece *piece);

/* All phrases, in the order of kind, then form; the name of a phrase's pack. */
const struct phrase *
phrasebook_all(const struct phrasebook *book, size_t *count);
const char *
phrasebook_pack(const struct phrasebook *book, const struct phrase *phrase);

/* -------- for pack.c, before the book is sealed -------- */

/*
 * The number of a form, given one if it is new; PHRASEBOOK_FORMS_MAX when there
 * are too many, or the name is empty or longer than 15 bytes.
 */
unsigned int
phrasebook_form(struct phrasebook *book, const char *name, size_t size);

/* Begins a pack of that name; returns its number, -1 when there is no room. */
int phrasebook_begin_pack(struct phrasebook *book, const char *name);

/*
 * Adds a phrase, whose pieces are given; texts are offsets into what
 * phrasebook_keep() kept.  Returns -1 when there is no room or no memory.
 */
int phrasebook_add(struct phrasebook *book, const struct phrase *phrase,
    const struct phrase_piece *pieces);

/* Keeps a text; returns its offset, or -1 without memory. */
int64_t phrasebook_keep(struct phrasebook *book, const char *text, size_t size);

/* Removes the phrases of a kind in a form from packs before this one. */
void phrasebook_drop(
    struct phrasebook *book, enum tree_kind kind, unsigned int form, int pack);

/*
 * Sorts and checks: a slot whose form no phrase has, a phrase that stands
 * twice, and more phrases of one sort than fit are refused.  Returns 0, or -1
 * and writes "PACK:LINE: what is wrong".
 */
int phrasebook_seal(struct phrasebook *book, char error[PHRASEBOOK_ERROR_SIZE]);

#endif
