/*
 * Markdown to HTML: headings that can be linked to, tables and code that
 * scroll by themselves, links between the files turned into links between the
 * pages.
 */
import { Marked, Renderer } from "marked";

import { slug } from "./reference.mjs";

export const escape = (text) =>
	text
		.replace(/&/g, "&amp;")
		.replace(/</g, "&lt;")
		.replace(/>/g, "&gt;")
		.replace(/"/g, "&quot;");

const LANGUAGES = {
	bash: "Shell",
	c: "C",
	html: "HTML",
	http: "HTTP",
	js: "JavaScript",
	json: "JSON",
	python: "Python",
};

/* Characters from which on the last column of a table is one to be read. */
const SENTENCE = 30;

/* What an example of the API shows. */
const ROLES = { request: "Request", response: "Response" };

/* The text of a heading, without its marks. */
const plain = (tokens) =>
	tokens
		.map((token) =>
			token.tokens === undefined
				? token.text
				: plain(token.tokens),
		)
		.join("");

/**
 * Renders a page. resolve turns a link's target into that of the page.
 *
 * @returns {{ html, headings: { depth, id, text }[], links: string[] }}
 */
export function renderMarkdown(text, resolve) {
	const headings = [];
	const links = [];
	const ids = new Map();

	function freshId(title) {
		const id = slug(title);
		const count = ids.get(id) ?? 0;
		ids.set(id, count + 1);
		return count === 0 ? id : `${id}-${count}`;
	}

	const renderer = {
		heading({ tokens, depth }) {
			const title = plain(tokens);
			const id = freshId(title);
			headings.push({ depth, id, text: title });
			const inner = this.parser.parseInline(tokens);
			return depth === 1
				? `<h1 id="${id}">${inner}</h1>\n`
				: `<h${depth} id="${id}"><a href="#${id}">` +
						`${inner}</a></h${depth}>\n`;
		},
		link({ href, tokens }) {
			const target = resolve(href);
			links.push(target);
			return (
				`<a href="${escape(target)}">` +
				`${this.parser.parseInline(tokens)}</a>`
			);
		},
		table(token) {
			const under = headings.at(-1)?.text ?? "";
			const wordy = token.rows.some(
				(row) => row.at(-1).text.length > SENTENCE,
			);
			return (
				`<div class="scroll${wordy ? " wordy" : ""}" ` +
				'role="group" ' +
				`aria-label="Table: ${escape(under)}" ` +
				'tabindex="0">\n' +
				Renderer.prototype.table.call(this, token) +
				"</div>\n"
			);
		},
		code({ text: code, lang = "" }) {
			const [language, role] = lang.split(" ");
			const name = ROLES[role] ?? LANGUAGES[language];
			const label =
				name === undefined
					? ""
					: `<span class="language">${name}</span>`;
			const kind =
				language === ""
					? ""
					: ` class="language-${language}"`;
			return (
				`<div class="code">${label}<pre tabindex="0">` +
				`<code${kind}>${escape(code)}\n</code></pre></div>\n`
			);
		},
	};
	const marked = new Marked({ renderer });
	const html = marked.parse(text);
	if (headings[0]?.depth !== 1) {
		throw new Error("a page begins with its title");
	}
	return { html, headings, links };
}

/** The same text one level below another heading: "# A" becomes "## A". */
export function demote(text) {
	let fenced = false;
	return text
		.split("\n")
		.map((line) => {
			if (line.startsWith("```")) {
				fenced = !fenced;
			}
			return !fenced && /^#+ /.test(line) ? `#${line}` : line;
		})
		.join("\n");
}
