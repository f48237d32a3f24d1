/*
 * <ai-captcha sitekey="aic_pk_...">: a widget for pages that come and go
 * without a script of their own. Its options are attributes, with or without
 * data- before them; when one changes, it begins anew.
 */
import { OPTION_NAMES } from "./options";
import { find, remove, renderFromAttributes } from "./registry";

export class AiCaptchaElement extends HTMLElement {
	static readonly observedAttributes = OPTION_NAMES.flatMap((name) =>
		name === "tabindex" ? [`data-${name}`] : [name, `data-${name}`],
	);

	#due = false;

	connectedCallback(): void {
		this.#plan();
	}

	disconnectedCallback(): void {
		this.#plan();
	}

	attributeChangedCallback(): void {
		this.#plan();
	}

	/** The verification token, while it is good. */
	get response(): string | undefined {
		return find(this)?.response;
	}

	/** Whether it had a token that is too old now. */
	get expired(): boolean {
		return find(this)?.expired ?? false;
	}

	execute(): void {
		find(this)?.execute();
	}

	reset(): void {
		find(this)?.reset();
	}

	/* Once for all that a script does to it in one go, a move included. */
	#plan(): void {
		if (this.#due) {
			return;
		}
		this.#due = true;
		queueMicrotask(() => {
			this.#due = false;
			this.#follow();
		});
	}

	#follow(): void {
		remove(this);
		if (this.isConnected) {
			renderFromAttributes(this);
		}
	}
}
