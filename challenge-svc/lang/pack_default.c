/*
 * The default pack, inside the program: the text of its file as the assembler
 * reads it, so that the vocabulary cannot be missing.
 */

#include "challenge-svc/lang/pack.h"

#include <stdint.h>

extern const char pack_default_text[];
extern const uint64_t pack_default_size;

__asm__(".pushsection .rodata\n"
	".global pack_default_text, pack_default_size\n"
	".hidden pack_default_text, pack_default_size\n"
	"pack_default_text:\n"
	".incbin \"" AIC_DEFAULT_PACK "\"\n"
	"1:\n"
	".balign 8\n"
	"pack_default_size:\n"
	".quad 1b - pack_default_text\n"
	".popsection\n");

struct pack_text
pack_default(void)
{
	return (struct pack_text){ "default.pack", pack_default_text,
		(size_t)pack_default_size };
}
