/*
 * Builds all that the gateway shows to a browser:
 *
 *   node build.mjs OUT TABLES
 *
 * Bundles the dashboard and the widget, renders the documentation, and writes
 * into OUT each page plain and gzipped, and pages_table.c, which puts them into
 * the gateway (see gateway/pages.h). TABLES is the JSON that the program
 * `describe` prints of the gateway's own tables. Prints the sizes; fails when
 * one is above its budget.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { bundleDashboard, bundleDemo, bundleWidget } from "./build/bundle.mjs";
import { renderDocs } from "./build/docs.mjs";
import { writePages } from "./build/pages.mjs";

/* Most bytes, gzipped, that a visitor has to load. */
const BUDGET = { dashboard: 90 * 1024, widget: 12 * 1024 };

const top = dirname(fileURLToPath(import.meta.url));
const [out, tables] = process.argv.slice(2);
if (out === undefined || tables === undefined) {
	console.error("usage: node build.mjs OUT TABLES");
	process.exit(2);
}

rmSync(join(out, "pages"), { recursive: true, force: true });
mkdirSync(join(out, "pages"), { recursive: true });
const pages = [
	...(await bundleDashboard(top)),
	...(await bundleWidget(top)),
	...(await bundleDemo(top)),
];
const described = JSON.parse(readFileSync(tables, "utf8"));
pages.push(...(await renderDocs(top, described, pages)));
const sizes = writePages(out, pages);

let over = false;
let report = "";
for (const [part, budget] of Object.entries(BUDGET)) {
	const size = sizes.get(part);
	report += `${part}: ${size} bytes gzipped, of at most ${budget}\n`;
	over ||= size > budget;
}
report += `docs: ${sizes.get("docs")} bytes gzipped, all pages together\n`;
process.stdout.write(report);
/* For who builds when all is built already. */
writeFileSync(join(out, "sizes.txt"), report);
process.exit(over ? 1 : 0);
