/*
 * What the documentation gains by a script: a button to copy each piece of
 * code, and this system's own address in the examples. Everything can be read
 * without it.
 */
import "./docs.css";

/* The addresses that the examples are written with. */
const WRITTEN = /http:\/\/127\.0\.0\.1:8080|https:\/\/captcha\.example\.com/g;
const SHOWN_MS = 2000;

function useOwnAddress(code: HTMLElement) {
	const walker = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
	while (walker.nextNode()) {
		const node = walker.currentNode;
		node.nodeValue = (node.nodeValue ?? "").replaceAll(
			WRITTEN,
			() => location.origin,
		);
	}
}

function addCopyButton(block: HTMLElement, status: HTMLElement) {
	const button = document.createElement("button");
	button.type = "button";
	button.className = "copy";
	button.textContent = "Copy";
	button.addEventListener("click", async () => {
		const text = block.querySelector("code")?.textContent ?? "";
		await navigator.clipboard.writeText(text).then(
			() => (button.textContent = "Copied"),
			() => (button.textContent = "Not copied"),
		);
		status.textContent = button.textContent;
		setTimeout(() => {
			button.textContent = "Copy";
			status.textContent = "";
		}, SHOWN_MS);
	});
	block.append(button);
}

function start() {
	if (document.querySelector("[data-own-address]") !== null) {
		document.querySelectorAll<HTMLElement>("code").forEach(
			useOwnAddress,
		);
	}
	/* A page that came over plain HTTP from afar has no clipboard. */
	if (!("clipboard" in navigator)) {
		return;
	}
	const status = document.createElement("p");
	status.className = "unseen";
	status.setAttribute("role", "status");
	document.querySelector("main")?.append(status);
	document.querySelectorAll<HTMLElement>(".code:has(.language)").forEach(
		(block) => addCopyButton(block, status),
	);
}

start();
