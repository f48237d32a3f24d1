/*
 * The page /widget: the widget to try, and the code that puts it into a page of
 * one's own. It uses nothing of the widget but what any page can.
 */
import "./demo.css";

interface Api {
	render(container: HTMLElement, options: object): string;
	remove(container: HTMLElement): void;
}

interface Key {
	name: string;
	publishableKey: string;
	enabled: boolean;
	revokedAt: number | null;
}

const EVENTS = ["ready", "success", "wrong", "error", "timeout", "expired"];
const EVENTS_KEPT = 20;

/* A key that is still being typed is not asked for. */
const WHOLE_KEY = /^aic_pk_\w{34}$/;

const { aicaptcha } = window as unknown as { aicaptcha: Api };

function byId<T extends HTMLElement>(id: string): T {
	return document.getElementById(id) as T;
}

const form = byId<HTMLFormElement>("options");
const sitekey = byId<HTMLInputElement>("sitekey");
const preview = byId("preview");
let shown = "";

/* What was chosen, without what is so anyway. */
function chosen(): [string, string][] {
	const usual = ["auto", "normal", "render", ""];
	return [...new FormData(form)]
		.map(([name, value]): [string, string] => [
			name,
			String(value).trim(),
		])
		.filter(([, value]) => !usual.includes(value));
}

function showCode(options: [string, string][]): void {
	const attributes = options
		.filter(([name]) => name !== "sitekey")
		.map(([name, value]) => ` ${name}="${value}"`);
	const key = sitekey.value.trim() || "aic_pk_your_key_here";
	const lines = [
		`<script src="${location.origin}/widget/v1.js"`,
		"  async defer></script>",
		"",
		`<ai-captcha sitekey="${key}"`,
		`  ${attributes.join("").trim()}></ai-captcha>`,
	];
	byId("code").textContent = lines.join("\n").replace(/"\n {2}>/, '">');
}

/** Shows the widget and its code as they are chosen now. */
function update(): void {
	const options = chosen();
	const there = WHOLE_KEY.test(sitekey.value.trim());
	const now = JSON.stringify(options);
	if (now === shown) {
		return;
	}
	shown = now;
	aicaptcha.remove(preview);
	byId("events").replaceChildren();
	byId("empty").hidden = there;
	showCode(options);
	if (there) {
		try {
			aicaptcha.render(preview, Object.fromEntries(options));
		} catch (error) {
			log((error as Error).message);
		}
	}
}

function log(text: string): void {
	const list = byId("events");
	const entry = document.createElement("li");
	entry.textContent = text;
	list.append(entry);
	while (list.children.length > EVENTS_KEPT) {
		list.firstElementChild?.remove();
	}
}

function logEvent(event: Event): void {
	const { score, solveTimeMs, code } = (
		event as CustomEvent<Record<string, unknown>>
	).detail;
	const more = [
		code,
		score !== undefined && `score ${score}`,
		solveTimeMs !== undefined && `${solveTimeMs} ms`,
	].filter(Boolean);
	log([event.type, ...more].join(", "));
}

/* The keys of who is signed in; nobody has to be. */
async function offerKeys(): Promise<void> {
	const response = await fetch("/api/v1/api-keys");
	if (!response.ok) {
		return;
	}
	const { items } = (await response.json()) as { items: Key[] };
	const usable = items.filter(
		({ enabled, revokedAt }) => enabled && revokedAt === null,
	);
	byId("keys").replaceChildren(
		...usable.map(
			({ name, publishableKey }) =>
				new Option(name, publishableKey),
		),
	);
	if (usable[0] !== undefined) {
		byId("keys-hint").hidden = true;
		sitekey.value ||= usable[0].publishableKey;
		update();
	}
}

for (const name of EVENTS) {
	preview.addEventListener(`aic:${name}`, logEvent);
}
form.addEventListener("input", update);
form.addEventListener("submit", (event) => event.preventDefault());
update();
offerKeys().catch(() => log("the gateway cannot be reached"));
