/*
 * Writes pages for the gateway: each one's bytes plain and gzipped, and
 * pages_table.c, which holds them all; see gateway/pages.h.
 */
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const CACHES = {
	hash: "PAGE_HASHED",
	check: "PAGE_CHECKED",
	hour: "PAGE_HOUR",
};

/* The bytes of a file, between two symbols. */
const incbin = (symbol, file) => `extern const unsigned char ${symbol}[];
extern const unsigned char ${symbol}_end[];
__asm__(".pushsection .rodata\\n"
	".global ${symbol}, ${symbol}_end\\n"
	".hidden ${symbol}, ${symbol}_end\\n"
	"${symbol}:\\n"
	".incbin \\"${file}\\"\\n"
	"${symbol}_end:\\n"
	".popsection\\n");
`;

const row = (page, symbol, packed, etag) => `	{
		.path = ${JSON.stringify(page.path)},
		.type = ${JSON.stringify(page.type)},
		.etag = ${JSON.stringify(etag)},
		.cache = ${CACHES[page.cache]},
		.plain = { ${symbol}, ${symbol}_end },
		.gzip = { ${packed}, ${packed}_end },
	},
`;

/** Writes all below out; returns the gzipped bytes of each part. */
export function writePages(out, pages) {
	const sizes = new Map();
	let data = "";
	let rows = "";
	pages.forEach((page, i) => {
		const file = join(out, "pages", String(i));
		const packed = gzipSync(page.body, { level: 9 });
		const hash = createHash("sha256")
			.update(page.body)
			.digest("hex");
		writeFileSync(file, page.body);
		writeFileSync(`${file}.gz`, packed);
		data += incbin(`page_${i}`, file);
		data += incbin(`page_${i}_gz`, `${file}.gz`);
		rows += row(
			page,
			`page_${i}`,
			`page_${i}_gz`,
			hash.slice(0, 32),
		);
		sizes.set(
			page.part,
			(sizes.get(page.part) ?? 0) + packed.length,
		);
	});
	writeFileSync(
		join(out, "pages_table.c"),
		`/* Written by gateway/web/build.mjs: see gateway/pages.h. */
#include "gateway/pages.h"

${data}
const struct page pages[] = {
${rows}};

const size_t pages_count = sizeof(pages) / sizeof(pages[0]);
`,
	);
	return sizes;
}
