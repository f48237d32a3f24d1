/*
 * Bundles TypeScript and styles with esbuild. A page is { path, type, cache,
 * part, body, html }: its URL, media type, caching ("hash": the URL holds the
 * content's hash; "check": asked for each time; "hour"), what it counts for in
 * the sizes, and its bytes.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build, transform } from "esbuild";

const TYPES = {
	js: "text/javascript; charset=utf-8",
	css: "text/css; charset=utf-8",
	svg: "image/svg+xml",
};

/*
 * Styles as a text for the script that adopts them, without what browsers of
 * the last years do not know yet.
 */
const styleText = {
	name: "style-text",
	setup({ onLoad }) {
		onLoad({ filter: /\.css$/ }, async ({ path }) => {
			const { code } = await transform(
				readFileSync(path, "utf8"),
				{
					loader: "css",
					minify: true,
					target: [
						"chrome105",
						"firefox110",
						"safari16.4",
					],
				},
			);
			return { contents: code.trim(), loader: "text" };
		});
	},
};

/** Bundles an entry; gives the files of esbuild, scripts and styles. */
export async function bundle(top, entry, plugins = []) {
	const result = await build({
		absWorkingDir: top,
		entryPoints: [entry],
		outdir: "out",
		write: false,
		bundle: true,
		minify: true,
		target: "es2022",
		format: entry.startsWith("widget/") ? "iife" : "esm",
		legalComments: "none",
		plugins,
		logLevel: "warning",
	});
	return result.outputFiles;
}

/** A page under /assets, which never changes: its URL holds its hash. */
export function asset(name, extension, body, part) {
	const hash = createHash("sha256").update(body).digest("hex");
	return {
		path: `/assets/${name}-${hash.slice(0, 16)}.${extension}`,
		type: TYPES[extension],
		cache: "hash",
		part,
		body: Buffer.from(body),
	};
}

/** A page of HTML. */
export function html(path, text, part) {
	return {
		path,
		type: "text/html; charset=utf-8",
		cache: "check",
		part,
		body: Buffer.from(text),
	};
}

/** What index.html names as {{script}}, {{style}} and {{icon}}. */
function fill(text, paths) {
	return text.replace(/\{\{(\w+)\}\}/g, (_, name) => {
		if (paths[name] === undefined) {
			throw new Error(`index.html wants {{${name}}}`);
		}
		return paths[name];
	});
}

/** An HTML page at a path, with its script, its style and the icon. */
async function bundlePage(top, part, entry, template, path) {
	const files = await bundle(top, entry);
	const pages = files.map((file) =>
		file.path.endsWith(".css")
			? asset(part, "css", file.contents, part)
			: asset(part, "js", file.contents, part),
	);
	const icon = asset("icon", "svg", readFileSync(join(top, "icon.svg")));
	const text = readFileSync(join(top, template), "utf8");
	const find = (end) =>
		pages.find((page) => page.path.endsWith(end)).path;
	const paths = {
		script: find(".js"),
		style: find(".css"),
		icon: icon.path,
	};
	return [...pages, icon, html(path, fill(text, paths), part)];
}

export function bundleDashboard(top) {
	const entry = "dashboard/main.tsx";
	return bundlePage(top, "dashboard", entry, "dashboard/index.html", "/");
}

/** The page that shows the widget; it shares the dashboard's icon. */
export async function bundleDemo(top) {
	const entry = "widget/demo.ts";
	const pages = await bundlePage(
		top,
		"demo",
		entry,
		"widget/demo.html",
		"/widget",
	);
	return pages.filter(({ path }) => !path.endsWith(".svg"));
}

export async function bundleWidget(top) {
	const [file] = await bundle(top, "widget/main.ts", [styleText]);
	return [
		{
			path: "/widget/v1.js",
			type: TYPES.js,
			cache: "hour",
			part: "widget",
			body: Buffer.from(file.contents),
		},
	];
}
