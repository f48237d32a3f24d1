/*
 * The widget's entry: /widget/v1.js, a classic script for the pages of other
 * sites. It puts <ai-captcha> and window.aicaptcha there, and makes widgets of
 * the elements of class aic-captcha unless its own URL says ?render=explicit.
 * ?onload=NAME names a function of the page to call when all is there.
 */
import { AiCaptchaElement } from "./element";
import { warn } from "./options";
import * as registry from "./registry";

/* Only while it first runs the document knows which script it is. */
function ownUrl(): URL {
	const script =
		(document.currentScript as HTMLScriptElement | null) ??
		document.querySelector<HTMLScriptElement>(
			'script[src*="/widget/v1.js"]',
		);
	return new URL(script?.src || location.href, location.href);
}

/** Calls back as soon as the document is there, at once when it is. */
function ready(callback: () => unknown): void {
	if (document.readyState === "loading") {
		document.addEventListener(
			"DOMContentLoaded",
			() => callback(),
			{
				once: true,
			},
		);
	} else {
		queueMicrotask(() => {
			try {
				callback();
			} catch (error) {
				reportError(error);
			}
		});
	}
}

function callByName(name: string): void {
	const found = (window as unknown as Record<string, unknown>)[name];
	if (typeof found === "function") {
		found();
	} else {
		warn(`onload: there is no function "${name}"`);
	}
}

function begin(): void {
	const url = ownUrl();
	const { render, execute, reset, remove, getResponse, isExpired } =
		registry;
	const { implicitRender } = registry;
	registry.setEndpoint(url.origin);
	Object.assign(window, {
		aicaptcha: {
			render,
			execute,
			reset,
			remove,
			getResponse,
			isExpired,
			implicitRender,
			ready,
		},
	});
	customElements.define("ai-captcha", AiCaptchaElement);
	if (url.searchParams.get("render") !== "explicit") {
		ready(implicitRender);
	}
	const onload = url.searchParams.get("onload");
	if (onload !== null) {
		ready(() => callByName(onload));
	}
}

if ("aicaptcha" in window) {
	warn("this page loads /widget/v1.js twice; once is enough");
} else {
	begin();
}
