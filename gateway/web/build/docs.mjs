/*
 * Renders the documentation to HTML, and to the plain text of /llms.txt.
 *
 * The pages come from docs/ of the repository, which are read there as well, and
 * from gateway/web/docs/. A link that leads nowhere ends the build.
 */
import { readFileSync } from "node:fs";
import { join, posix } from "node:path";

import { asset, bundle, html } from "./bundle.mjs";
import { demote, escape, renderMarkdown } from "./markdown.mjs";
import { renderReference } from "./reference.mjs";
import { renderSettings } from "./settings.mjs";

/* In the order in which they are read; about is for llms.txt and search. */
const PAGES = [
	{
		ownAddress: true,
		path: "/docs",
		file: "gateway/web/docs/index.md",
		name: "Quick start",
		about: "what it is, and the four steps in curl, Node, Python and C",
	},
	{
		ownAddress: true,
		path: "/docs/api",
		file: "gateway/web/docs/api.md",
		name: "API",
		about: "every endpoint with its fields, errors and examples",
	},
	{
		ownAddress: true,
		path: "/docs/widget",
		file: "gateway/web/docs/widget.md",
		name: "Widget",
		about: "a challenge in any web page, and its proof in your form",
	},
	{
		path: "/docs/scoring",
		file: "docs/challenges.md",
		name: "Challenges and score",
		about: "what a challenge is, the levels, how the score is made",
	},
	{
		path: "/docs/limits",
		file: "docs/limits.md",
		name: "Limits",
		about: "what it does not do, and how well scripts do against it",
	},
	{
		path: "/docs/self-hosting",
		file: "docs/self-hosting.md",
		name: "Self-hosting",
		about: "install, settings, proxy, backup, scaling, upgrades",
	},
	{
		path: "/docs/several-hosts",
		file: "docs/several-hosts.md",
		name: "Several hosts",
		about: "services on different hosts, encrypted by CURVE",
	},
	{
		path: "/docs/metrics",
		file: "docs/metrics.md",
		name: "Metrics",
		about: "every Prometheus metric and what it means",
	},
	{
		path: "/docs/phrase-packs",
		file: "docs/phrase-packs.md",
		name: "Phrase packs",
		about: "words of your own for the challenges",
	},
];

const SUMMARY =
	"A reverse CAPTCHA that you host yourself: it shows that a caller is an " +
	"AI agent, not a person and not a script. A challenge is a noisy text " +
	"and an instruction in plain English; the answer is one number, and the " +
	"faster it comes, the higher the score.";

/* -------- reading -------- */

/** The text of a page, with everything that is generated in it. */
function read(root, page, tables) {
	const from = (file) => readFileSync(join(root, file), "utf8");
	const text = from(page.file);
	if (page.path === "/docs/api") {
		return renderReference(
			text,
			from("gateway/web/docs/fields.md"),
			tables,
		);
	}
	return text.replace("<!-- settings -->", () =>
		renderSettings(from("deploy/aicaptcha.conf")),
	);
}

/** Turns "metrics.md#x", as it stands in page, into "/docs/metrics#x". */
function resolve(page, href) {
	const [, file, rest] = /^([^#]*)(.*)$/.exec(href);
	if (!file.endsWith(".md") || /^\w+:/.test(href)) {
		return href;
	}
	const wanted = posix.join(posix.dirname(page.file), file);
	const found = PAGES.find((other) => other.file === wanted);
	return found === undefined ? href : found.path + rest;
}

/** Fails when one of the pages links to what neither they nor others have. */
export function checkLinks(pages, others) {
	const targets = new Set(others.map(({ path }) => path));
	for (const { path, headings } of pages) {
		targets.add(path);
		headings.forEach(({ id }) => targets.add(`${path}#${id}`));
	}
	for (const { path, file, links } of pages) {
		for (const link of links) {
			const target = link.startsWith("#")
				? path + link
				: link;
			if (!/^https?:/.test(target) && !targets.has(target)) {
				throw new Error(
					`${file}: ${link} leads nowhere`,
				);
			}
		}
	}
}

/* -------- the frame around a page -------- */

const item = ({ path, name }, here) =>
	`<li><a href="${path}"${here ? ' aria-current="page"' : ""}>` +
	`${escape(name)}</a></li>`;

/* Routes are many: their headings are the ones to be found. */
function contents(headings) {
	const items = headings
		.filter(({ depth }) => depth === 2 || depth === 3)
		.map(
			({ depth, id, text }) =>
				`<li class="level-${depth}">` +
				`<a href="#${id}">${escape(text)}</a></li>`,
		);
	return `<ul>\n${items.join("\n")}\n</ul>`;
}

function turn(pages, index) {
	const link = (page, rel, word) =>
		page === undefined
			? ""
			: `<a rel="${rel}" href="${page.path}">` +
				`<span>${word}</span>${escape(page.name)}</a>`;
	return (
		'<nav class="turn" aria-label="Previous and next page">' +
		link(pages[index - 1], "prev", "Previous") +
		link(pages[index + 1], "next", "Next") +
		"</nav>"
	);
}

function frame(pages, index, paths) {
	const page = pages[index];
	const list = contents(page.headings);
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="${escape(`aiCAPTCHA: ${page.about}`)}">
<title>${escape(page.name)} | aiCAPTCHA</title>
<link rel="icon" href="${paths.icon}">
<link rel="stylesheet" href="${paths.style}">
<script type="module" src="${paths.script}"></script>
</head>
<body>
<a class="skip" href="#text">Skip to the text</a>
<header class="bar"><div class="bar-inner">
<a class="brand" href="/"><img src="${paths.icon}" alt="">aiCAPTCHA</a>
<nav class="site" aria-label="Site">
<a href="/">Dashboard</a>
<a href="/docs"${index === 0 ? ' aria-current="page"' : ""}>Docs</a>
</nav>
</div></header>
<div class="docs">
<nav class="pages" aria-label="Documentation">
<ul>
${pages.map((other) => item(other, other === page)).join("\n")}
</ul>
</nav>
<main id="text" tabindex="-1"${page.ownAddress ? " data-own-address" : ""}>
<details class="contents">
<summary>On this page</summary>
${list}
</details>
<article>
${page.html}</article>
${turn(pages, index)}
</main>
<nav class="here" aria-label="On this page">
<p>On this page</p>
${list}
</nav>
</div>
<footer class="foot">
<p>For language models: all of this as plain text,
<a href="/llms.txt">/llms.txt</a></p>
</footer>
</body>
</html>
`;
}

/* -------- llms.txt: see https://llmstxt.org -------- */

function plainText(pages) {
	const list = pages.map(
		({ path, name, about }) => `- [${name}](${path}): ${about}`,
	);
	const texts = pages.map((page) =>
		demote(
			page.text.replace(/\]\(([^)\s]+)\)/g, (_, href) =>
				href.startsWith("#")
					? `](${page.path}${href})`
					: `](${resolve(page, href)})`,
			),
		).trim(),
	);
	const text = `# aiCAPTCHA

> ${SUMMARY}

How to solve a challenge is under [For AI agents](/docs#for-ai-agents). All of the
documentation follows below; the same as pages:

## Documentation

${list.join("\n")}

${texts.join("\n\n")}
`;
	const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(
		([, href]) => href,
	);
	return {
		path: "/llms.txt",
		file: "llms.txt",
		text,
		headings: [],
		links,
	};
}

/** All pages of the documentation; others are those they may link to. */
export async function renderDocs(top, tables, others) {
	const root = join(top, "../..");
	const files = await bundle(top, "docs/main.ts");
	const icon = readFileSync(join(top, "icon.svg"));
	const assets = files.map((file) =>
		asset(
			"docs",
			file.path.endsWith(".css") ? "css" : "js",
			file.contents,
			"docs",
		),
	);
	const find = (end) =>
		assets.find(({ path }) => path.endsWith(end)).path;
	const paths = {
		icon: asset("icon", "svg", icon).path,
		script: find(".js"),
		style: find(".css"),
	};
	const pages = PAGES.map((page) => {
		const text = read(root, page, tables);
		const rendered = renderMarkdown(text, (href) =>
			resolve(page, href),
		);
		return { ...page, ...rendered, text };
	});
	const plain = plainText(pages);
	checkLinks([...pages, plain], others);
	return [
		...assets,
		...pages.map((page, index) =>
			html(page.path, frame(pages, index, paths), "docs"),
		),
		{
			path: plain.path,
			type: "text/plain; charset=utf-8",
			cache: "check",
			part: "docs",
			body: Buffer.from(plain.text),
		},
	];
}
