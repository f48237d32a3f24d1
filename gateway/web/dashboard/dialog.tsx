/*
 * A modal dialog: <dialog>, which keeps the focus inside and gives it back.
 */
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";

export interface DialogProps {
	title: string;
	/* Called when it closes, also by Escape. */
	onClose: () => void;
	/* True while Escape must not lose what it shows. */
	firm?: boolean;
	children: ComponentChildren;
}

export function Dialog({ title, onClose, firm, children }: DialogProps) {
	const dialog = useRef<HTMLDialogElement>(null);
	const id = useId();
	useEffect(() => {
		const opener = document.activeElement;
		dialog.current?.showModal();
		return () => {
			/* Where the opener went with its row, the page's heading. */
			const back =
				opener instanceof HTMLElement &&
				opener.isConnected
					? opener
					: document.querySelector<HTMLElement>(
							"h1",
						);
			back?.focus();
		};
	}, []);
	return (
		<dialog
			ref={dialog}
			aria-labelledby={id}
			onCancel={(event) => {
				event.preventDefault();
				if (!firm) onClose();
			}}
			onKeyDown={(event) => {
				/* A second Escape would close it past onCancel. */
				if (firm && event.key === "Escape")
					event.preventDefault();
			}}
			onClose={onClose}
		>
			<h2 id={id} tabIndex={-1}>
				{title}
			</h2>
			{children}
		</dialog>
	);
}
