/*
 * Which page is shown: the part of the address behind the `#`, so that the
 * server serves one page. `#/keys?x=y` is the path "/keys" with the query x=y.
 */
import { createStore } from "./store";

export interface Route {
	path: string;
	query: URLSearchParams;
}

function read(): Route {
	const [path, query] = location.hash.replace(/^#/, "").split("?", 2);
	return {
		path: path === undefined || path === "" ? "/" : path,
		query: new URLSearchParams(query ?? ""),
	};
}

export const route = createStore<Route>(read());

addEventListener("hashchange", () => route.set(read()));

/** Goes to a page; the reader's way back leads here. */
export function go(path: string): void {
	location.hash = path;
}

/** Goes to a page in place of this one, which the way back leaves out. */
export function replace(path: string): void {
	history.replaceState(null, "", `#${path}`);
	route.set(read());
}

/** Changes the query of this page: null takes a name out. */
export function setQuery(changes: Record<string, string | null>): void {
	const { path, query } = read();
	for (const [name, value] of Object.entries(changes)) {
		if (value === null) query.delete(name);
		else query.set(name, value);
	}
	const text = query.toString();
	replace(text === "" ? path : `${path}?${text}`);
}
