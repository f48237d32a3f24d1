/*
 * The options of a widget: what they are called, where they come from and what
 * they may hold. Names are those of Turnstile, in render()'s parameters as in
 * the data- attributes.
 */
export type Callback = (...args: unknown[]) => unknown;

const CHOICES = {
	theme: ["auto", "light", "dark"],
	size: ["normal", "compact", "flexible"],
	execution: ["render", "execute"],
	appearance: ["always", "execute", "interaction-only"],
	retry: ["auto", "never"],
	"refresh-expired": ["auto", "manual", "never"],
	"refresh-timeout": ["auto", "manual", "never"],
	"response-field": ["true", "false"],
} as const;

const NUMBERS = {
	"retry-interval": { least: 1000, most: 900000, usual: 8000 },
	/* Seconds that a verification token lives, the gateway's
	 * verification_ttl; a little less, so as not to come too late. */
	"response-lifetime": { least: 1, most: 86400, usual: 295 },
	tabindex: { least: -1, most: 32767, usual: 0 },
} as const;

const TEXTS = {
	/* In bytes, as the gateway counts. */
	sitekey: 128,
	action: 32,
	cdata: 255,
	language: 35,
	"response-field-name": 128,
	endpoint: 1024,
} as const;

const CALLBACKS = [
	"callback",
	"error-callback",
	"expired-callback",
	"timeout-callback",
] as const;

type Choices = {
	-readonly [
		Name in keyof typeof CHOICES
	]: (typeof CHOICES)[Name][number];
};
type Texts = { [Name in keyof typeof TEXTS]: string };
type Numbers = { [Name in keyof typeof NUMBERS]: number };
type Callbacks = { [Name in (typeof CALLBACKS)[number]]?: Callback | string };

/** What a widget goes by, with every default filled in. */
export type Options = Choices & Texts & Numbers & Callbacks;

/** What render() takes. */
export type Parameters = Record<string, unknown>;

/** The names of all options. */
export const OPTION_NAMES = [
	...Object.keys(CHOICES),
	...Object.keys(NUMBERS),
	...Object.keys(TEXTS),
	...CALLBACKS,
];

/** Says something to whoever builds the page. */
export function warn(text: string): void {
	console.warn(`[aiCAPTCHA] ${text}`);
}

function refuse(name: string, why: string): never {
	throw new TypeError(`[aiCAPTCHA] parameter "${name}" ${why}`);
}

/**
 * The options that stand in an element's attributes: data-sitekey and so on,
 * and in an <ai-captcha> also sitekey.
 */
export function readAttributes(element: Element): Parameters {
	const found: Parameters = {};
	const bare = element.localName === "ai-captcha";
	for (const name of OPTION_NAMES) {
		/* A plain tabindex would make the element itself a stop. */
		const value =
			element.getAttribute(`data-${name}`) ??
			(bare && name !== "tabindex"
				? element.getAttribute(name)
				: null);
		if (value !== null) {
			found[name] = value;
		}
	}
	return found;
}

function takeText(given: Parameters, name: keyof Texts): string {
	const value = given[name] ?? "";
	if (typeof value !== "string") {
		refuse(name, `is to be a string, not ${typeof value}`);
	}
	if (new TextEncoder().encode(value).length > TEXTS[name]) {
		refuse(name, `has more than ${TEXTS[name]} bytes`);
	}
	return value;
}

/* A slip in what only looks otherwise is no reason to show nothing. */
function takeChoice(given: Parameters, name: keyof Choices): string {
	const [usual, ...others] = CHOICES[name];
	const value = String(given[name] ?? usual);
	if (value === usual || (others as string[]).includes(value)) {
		return value;
	}
	warn(
		`parameter "${name}" is one of ${CHOICES[name].join(", ")}, ` +
			`not "${value}"`,
	);
	return usual;
}

function takeNumber(given: Parameters, name: keyof Numbers): number {
	const { least, most, usual } = NUMBERS[name];
	const value = Number(given[name] ?? usual);
	if (value >= least && value <= most) {
		return value;
	}
	warn(`parameter "${name}" is a number from ${least} to ${most}`);
	return usual;
}

function takeCallback(given: Parameters, name: string): Callback | string {
	const value = given[name];
	if (typeof value !== "function" && typeof value !== "string") {
		refuse(name, "is to be a function or the name of one");
	}
	return value as Callback | string;
}

function checkSitekey(sitekey: string): void {
	if (sitekey === "") {
		refuse("sitekey", "is missing");
	}
	if (sitekey.startsWith("aic_sk_")) {
		refuse(
			"sitekey",
			"is a secret key, which everybody can now read: rotate it, " +
				"and use the publishable one (aic_pk_...)",
		);
	}
}

/**
 * Checks what was given and fills in the rest. Throws a TypeError where the
 * widget cannot do without.
 */
export function readOptions(given: Parameters, endpoint: string): Options {
	const options: Record<string, unknown> = {};
	for (const name of Object.keys(TEXTS)) {
		options[name] = takeText(given, name as keyof Texts);
	}
	for (const name of Object.keys(CHOICES)) {
		options[name] = takeChoice(given, name as keyof Choices);
	}
	for (const name of Object.keys(NUMBERS)) {
		options[name] = takeNumber(given, name as keyof Numbers);
	}
	for (const name of CALLBACKS) {
		if ((given[name] ?? undefined) !== undefined) {
			options[name] = takeCallback(given, name);
		}
	}
	checkSitekey(options["sitekey"] as string);
	options["response-field-name"] ||= "aic-response";
	options["endpoint"] = String(options["endpoint"] || endpoint).replace(
		/\/+$/,
		"",
	);
	return options as Options;
}
