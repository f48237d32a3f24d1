/*
 * What a widget looks like. It stands in the page itself, not in a shadow root:
 * an agent finds it in the text, in the accessibility tree and in the document
 * alike. Nothing here needs more of a Content-Security-Policy than leave to run
 * the script: the styles are a constructed sheet, the JSON is a data block.
 */
import css from "./style.css";
import type { Issued } from "./api";
import type { Options } from "./options";
import { pickLanguage, textsOf, type Texts } from "./texts";

export type State =
	| "idle"
	| "loading"
	| "ready"
	| "verifying"
	| "solved"
	| "wrong"
	| "expired"
	| "error";

/** All that changes in it. */
export interface Look {
	state: State;
	status: string;
	/** What follows the status, and is not announced. */
	wait?: string;
	/** The challenge to show, with its form. */
	issued?: Issued | undefined;
	/** The text of the button for another challenge; none without it. */
	button?: string | undefined;
}

const SVG = "http://www.w3.org/2000/svg";

let sheet: CSSStyleSheet | undefined;

/* Styles are a nicety: where they cannot be had, all else works. */
function adoptStyles(node: Node): void {
	try {
		if (sheet === undefined) {
			sheet = new CSSStyleSheet();
			sheet.replaceSync(css);
		}
		const root = node.getRootNode() as Document | ShadowRoot;
		if (!root.adoptedStyleSheets.includes(sheet)) {
			root.adoptedStyleSheets = [
				...root.adoptedStyleSheets,
				sheet,
			];
		}
	} catch {
		return;
	}
}

function make<Name extends keyof HTMLElementTagNameMap>(
	name: Name,
	className: string,
	attributes: Record<string, string> = {},
): HTMLElementTagNameMap[Name] {
	const element = document.createElement(name);
	element.className = className;
	for (const [key, value] of Object.entries(attributes)) {
		element.setAttribute(key, value);
	}
	return element;
}

function makeIcon(): SVGElement {
	const icon = document.createElementNS(SVG, "svg");
	const tile = document.createElementNS(SVG, "rect");
	const tick = document.createElementNS(SVG, "path");
	icon.setAttribute("class", "aic-icon");
	icon.setAttribute("viewBox", "0 0 32 32");
	icon.setAttribute("aria-hidden", "true");
	tile.setAttribute("width", "32");
	tile.setAttribute("height", "32");
	tile.setAttribute("rx", "8");
	tick.setAttribute("d", "M9 16.5l4.5 4.5L23 11");
	icon.append(tile, tick);
	return icon;
}

type Policy = { createScript(text: string): string };
type Policies = {
	createPolicy(name: string, rules: Policy): Policy;
};

let policy: Policy | undefined;

/*
 * Sets the text of a data block. To a page that insists on Trusted Types it is
 * a script like any other; one that lets us make no policy gets it all the
 * same, with a complaint on the console.
 */
function setData(script: HTMLScriptElement, json: string): void {
	const { trustedTypes } = window as { trustedTypes?: Policies };
	try {
		policy ??= trustedTypes?.createPolicy("aicaptcha", {
			createScript: (text) => text,
		});
		script.text = policy?.createScript(json) ?? json;
	} catch {
		script.replaceChildren(document.createTextNode(json));
	}
}

/* What a program that reads the page needs in order to pass. */
function describe(issued: Issued, id: string): string {
	return JSON.stringify({
		type: "aicaptcha-challenge",
		...issued,
		submit: {
			input: `#${id}-answer`,
			button: `#${id}-submit`,
			how:
				"Follow the instruction, type the resulting number " +
				"into the input and press the button. Only the first " +
				"answer counts, and the sooner the better.",
		},
	});
}

export class View {
	readonly texts: Texts;
	readonly #container: HTMLElement;
	readonly #id: string;
	readonly #box: HTMLElement;
	readonly #task: HTMLElement;
	readonly #instruction: HTMLElement;
	readonly #text: HTMLElement;
	readonly #digits: HTMLElement;
	readonly #form: HTMLElement;
	readonly #input: HTMLInputElement;
	readonly #submit: HTMLButtonElement;
	readonly #status: HTMLElement;
	readonly #wait: HTMLElement;
	readonly #again: HTMLButtonElement;
	readonly #data: HTMLScriptElement;
	readonly #response: HTMLInputElement | null;
	/**
	 * Builds it into the container. onSubmit gets what was typed, onAgain is
	 * told that another challenge is wanted.
	 */
	constructor(
		container: HTMLElement,
		id: string,
		options: Options,
		onSubmit: (answer: string) => void,
		onAgain: () => void,
	) {
		const language = pickLanguage(
			options.language !== "" && options.language !== "auto"
				? [options.language]
				: [
						document.documentElement.lang,
						...navigator.languages,
					],
		);
		this.texts = textsOf(language);
		this.#container = container;
		this.#id = id;
		this.#box = make("div", "aic-box", {
			role: "group",
			tabindex: "-1",
			lang: language,
			"aria-labelledby": `${id}-name`,
			"aria-describedby": `${id}-hint`,
			"data-theme": options.theme,
			"data-size": options.size,
		});
		this.#instruction = make("p", "aic-instruction", {
			id: `${id}-instruction`,
		});
		this.#text = make("code", "aic-text", { id: `${id}-text` });
		this.#digits = make("span", "aic-digits");
		this.#task = this.#makeTask();
		this.#input = this.#makeInput();
		this.#submit = this.#makeButton(
			"aic-submit",
			this.texts.submit,
		);
		this.#submit.id = `${id}-submit`;
		this.#form = this.#makeForm();
		this.#status = make("p", "aic-status", { role: "status" });
		this.#wait = make("p", "aic-wait");
		this.#again = this.#makeButton("aic-again", "");
		this.#data = make("script", "aic-challenge", {
			type: "application/json",
		});
		this.#response = this.#makeResponse(options);
		this.#setTabindex(options.tabindex);
		this.#box.append(
			this.#makeHead(),
			this.#task,
			this.#form,
			this.#makeFoot(),
		);
		this.#listen(onSubmit, onAgain);
		this.#box.hidden = true;
		adoptStyles(container);
		container.append(this.#box);
	}

	#makeHead(): HTMLElement {
		const head = make("div", "aic-head");
		const name = make("span", "aic-name", {
			id: `${this.#id}-name`,
		});
		const hint = make("span", "aic-hint", {
			id: `${this.#id}-hint`,
		});
		name.textContent = "aiCAPTCHA";
		hint.textContent = this.texts.hint;
		head.append(makeIcon(), name, hint);
		return head;
	}

	/* It is English in every language, and is not to be translated. */
	#makeTask(): HTMLElement {
		const task = make("div", "aic-task", { translate: "no" });
		const given = make("p", "aic-given");
		const digits = make("p", "aic-given");
		const label = make("span", "aic-label");
		this.#instruction.lang = "en";
		label.textContent = `${this.texts.digits}: `;
		given.append(this.#text);
		digits.append(label, this.#digits);
		task.append(this.#instruction, given, digits);
		return task;
	}

	/* It has no name: a surrounding form does not send it. */
	#makeInput(): HTMLInputElement {
		return make("input", "aic-answer", {
			id: `${this.#id}-answer`,
			type: "text",
			inputmode: "numeric",
			autocomplete: "off",
			spellcheck: "false",
			enterkeyhint: "send",
			"aria-describedby": `${this.#id}-instruction ${this.#id}-text`,
		});
	}

	#makeButton(className: string, text: string): HTMLButtonElement {
		const button = make("button", className, { type: "button" });
		button.textContent = text;
		return button;
	}

	#makeForm(): HTMLElement {
		const form = make("div", "aic-form");
		const label = make("label", "aic-label", {
			for: this.#input.id,
		});
		label.textContent = this.texts.answer;
		form.append(label, this.#input, this.#submit);
		return form;
	}

	#makeFoot(): HTMLElement {
		const foot = make("div", "aic-foot");
		foot.append(this.#status, this.#wait, this.#again);
		if (this.#response !== null) {
			foot.append(this.#response);
		}
		return foot;
	}

	#makeResponse(options: Options): HTMLInputElement | null {
		if (options["response-field"] === "false") {
			return null;
		}
		return make("input", "aic-response", {
			type: "hidden",
			name: options["response-field-name"],
			value: "",
		});
	}

	#setTabindex(tabindex: number): void {
		if (tabindex !== 0) {
			for (const stop of [
				this.#input,
				this.#submit,
				this.#again,
			]) {
				stop.tabIndex = tabindex;
			}
		}
	}

	#listen(onSubmit: (answer: string) => void, onAgain: () => void): void {
		const submit = () => onSubmit(this.#input.value.trim());
		this.#submit.addEventListener("click", submit);
		this.#again.addEventListener("click", onAgain);
		this.#input.addEventListener("keydown", (event) => {
			if (event.key === "Enter" && !event.isComposing) {
				/* The surrounding form is not what is meant. */
				event.preventDefault();
				submit();
			}
		});
		this.#input.addEventListener("input", () =>
			this.#input.removeAttribute("aria-invalid"),
		);
	}

	/** Whether any of it is shown; not yet at first. */
	get visible(): boolean {
		return !this.#box.hidden;
	}

	set visible(visible: boolean) {
		this.#box.hidden = !visible;
	}

	/** What the surrounding form sends. */
	set response(token: string) {
		if (this.#response !== null) {
			this.#response.value = token;
		}
	}

	/** Says what is wrong with the answer that was typed. */
	complain(text: string): void {
		this.#status.textContent = text;
		this.#input.setAttribute("aria-invalid", "true");
		this.#input.focus();
	}

	/** Offers another challenge by a button with this text, or does not. */
	offer(text: string | undefined): void {
		this.#again.hidden = text === undefined;
		this.#again.textContent = text ?? "";
	}

	/** Says how long it still waits. */
	set wait(text: string) {
		this.#wait.textContent = text;
		this.#wait.hidden = text === "";
	}

	#showChallenge(issued: Issued | undefined): void {
		this.#task.hidden = this.#form.hidden = issued === undefined;
		if (issued === undefined) {
			this.#data.remove();
			return;
		}
		const { text, digits, instruction } = issued.challenge;
		this.#instruction.textContent = instruction;
		this.#text.textContent = text;
		this.#digits.textContent = digits.join(" ");
		setData(this.#data, describe(issued, this.#id));
		this.#task.after(this.#data);
	}

	/* Keeps the focus inside when what had it has gone. */
	#keepFocus(): void {
		const stops = this.#form.hidden
			? [this.#again, this.#box]
			: [this.#input];
		for (const stop of stops) {
			if (!stop.hidden) {
				stop.focus({ preventScroll: true });
				return;
			}
		}
	}

	#hasFocus(): boolean {
		const root = this.#box.getRootNode() as Document | ShadowRoot;
		return this.#box.contains(root.activeElement);
	}

	update(look: Look): void {
		const focused = this.#hasFocus();
		const busy = look.state === "verifying";
		this.#container.dataset["state"] = look.state;
		this.#box.dataset["state"] = look.state;
		this.#box.setAttribute(
			"aria-busy",
			String(busy || look.state === "loading"),
		);
		if (!busy) {
			this.#showChallenge(look.issued);
			this.#input.value = "";
		}
		this.#input.removeAttribute("aria-invalid");
		this.#input.readOnly = busy;
		this.#submit.setAttribute("aria-disabled", String(busy));
		this.#status.textContent = look.status;
		this.wait = look.wait ?? "";
		this.offer(look.button);
		if (focused && !busy) {
			this.#keepFocus();
		}
	}

	/** Takes all of it out of the page. */
	remove(): void {
		this.#box.remove();
		delete this.#container.dataset["state"];
	}
}
