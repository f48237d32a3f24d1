/*
 * Text to be copied, with the button that does it.
 */
import { useEffect, useRef, useState } from "preact/hooks";

const SHOWN_MS = 2500;

/* Without a secure context there is no clipboard: then by a selection. */
async function copyText(text: string): Promise<boolean> {
	try {
		await navigator.clipboard.writeText(text);
		return true;
	} catch {
		const area = document.createElement("textarea");
		area.value = text;
		area.className = "unseen";
		/* Inside a dialog that is open, only what is in it takes focus. */
		(
			document.querySelector("dialog[open]") ?? document.body
		).append(area);
		const before = document.activeElement;
		area.select();
		const done = document.execCommand("copy");
		area.remove();
		if (before instanceof HTMLElement) before.focus();
		return done;
	}
}

export function CopyButton({ text, what }: { text: string; what: string }) {
	const [state, setState] = useState<"" | "done" | "failed">("");
	const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
	useEffect(() => () => clearTimeout(timer.current), []);
	const copy = async () => {
		setState((await copyText(text)) ? "done" : "failed");
		clearTimeout(timer.current);
		timer.current = setTimeout(() => setState(""), SHOWN_MS);
	};
	const label = { "": "Copy", done: "Copied ✓", failed: "Select it" }[
		state
	];
	return (
		<>
			<button
				type="button"
				class="button button-small copy"
				onClick={() => void copy()}
			>
				{label}
				<span class="unseen"> {what}</span>
			</button>
			<span class="unseen" role="status">
				{state === "done" && `Copied ${what}.`}
				{state === "failed" &&
					`Could not copy ${what}.`}
			</span>
		</>
	);
}

/** One line of text to be copied, such as a key. */
export function CopyLine({ text, what }: { text: string; what: string }) {
	return (
		<div class="copy-line">
			<code>{text}</code>
			<CopyButton text={text} what={what} />
		</div>
	);
}
