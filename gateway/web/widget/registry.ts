/*
 * The widgets of the page, and the functions of window.aicaptcha that make,
 * find and end them.
 */
import { readAttributes, readOptions, warn, type Parameters } from "./options";
import { Widget } from "./widget";

type Place = string | HTMLElement;

const widgets = new Map<string, Widget>();
let count = 0;
let endpoint = "";

/** Where widgets ask that name no endpoint of their own. */
export function setEndpoint(origin: string): void {
	endpoint = origin;
}

/** The widget of an id, an element or a selector; without one, the first. */
export function find(place?: Place): Widget | undefined {
	if (place === undefined) {
		return widgets.values().next().value;
	}
	if (typeof place === "string" && widgets.has(place)) {
		return widgets.get(place);
	}
	const element = elementOf(place);
	for (const widget of widgets.values()) {
		if (widget.container === element) {
			return widget;
		}
	}
	return undefined;
}

function elementOf(place: Place): HTMLElement | null {
	if (typeof place !== "string") {
		return place;
	}
	try {
		return document.querySelector<HTMLElement>(place);
	} catch {
		return null;
	}
}

/* As find, and tells the page when there is none. */
function want(place: Place | undefined): Widget | undefined {
	const widget = find(place);
	if (widget === undefined) {
		warn(`there is no widget ${place ?? "in this page"}`);
	}
	return widget;
}

/* -------- what becomes of the page -------- */

const watched = new WeakSet<Node>();

/* A widget whose container was taken out of the page is over. */
const observer = new MutationObserver(() => {
	for (const widget of widgets.values()) {
		if (!widget.container.isConnected) {
			remove(widget.id);
		}
	}
});

function catchUp(): void {
	for (const widget of widgets.values()) {
		widget.catchUp();
	}
}

function watch(container: HTMLElement): void {
	const root = container.getRootNode();
	document.addEventListener("visibilitychange", catchUp);
	window.addEventListener("pageshow", catchUp);
	if (!watched.has(root)) {
		watched.add(root);
		observer.observe(root, { childList: true, subtree: true });
	}
}

/* -------- window.aicaptcha -------- */

/**
 * Puts a widget into a container, which is an element or a selector, and
 * returns its id. Parameters win over the container's data- attributes. Throws
 * a TypeError when it cannot be.
 */
export function render(place: Place, parameters: Parameters = {}): string {
	const container = elementOf(place);
	if (!(container instanceof HTMLElement)) {
		throw new TypeError(
			`[aiCAPTCHA] there is no container ${place}`,
		);
	}
	const there = find(container);
	if (there !== undefined) {
		warn(
			`there is a widget in this container already: ${there.id}`,
		);
		return there.id;
	}
	const options = readOptions(
		{ ...readAttributes(container), ...parameters },
		endpoint,
	);
	const id = `aic-${++count}`;
	widgets.set(id, new Widget(id, container, options));
	watch(container);
	return id;
}

/** As render, for a container that says all itself; never throws. */
export function renderFromAttributes(container: HTMLElement): void {
	try {
		render(container);
	} catch (error) {
		console.warn((error as Error).message);
	}
}

/** Makes a widget of each element of class aic-captcha that is none yet. */
export function implicitRender(): void {
	for (const container of document.querySelectorAll<HTMLElement>(
		".aic-captcha",
	)) {
		if (find(container) === undefined) {
			renderFromAttributes(container);
		}
	}
}

/** Gets a challenge now; in a container without a widget, makes that first. */
export function execute(place?: Place, parameters?: Parameters): void {
	if (
		place !== undefined &&
		find(place) === undefined &&
		elementOf(place) !== null
	) {
		const id = render(place, {
			...parameters,
			execution: "execute",
		});
		find(id)?.execute();
		return;
	}
	want(place)?.execute();
}

/** Begins anew: the token is dropped, another challenge is got. */
export function reset(place?: Place): void {
	want(place)?.reset();
}

/** Takes a widget out of the page. */
export function remove(place: Place): void {
	const widget = find(place);
	if (widget !== undefined) {
		widgets.delete(widget.id);
		widget.remove();
	}
}

/** The verification token, or undefined when there is none that is good. */
export function getResponse(place?: Place): string | undefined {
	return want(place)?.response;
}

/** Whether the widget had a token that is too old now. */
export function isExpired(place?: Place): boolean {
	return want(place)?.expired ?? false;
}
