/*
 * Forms: a field with its explanation and its error, and the state of a form
 * that is sent. The server's errors stand beside the fields that they name;
 * what names none stands above the button.
 */
import type { ComponentChildren, JSX, TargetedInputEvent } from "preact";
import { useId, useRef, useState } from "preact/hooks";
import { messageOf, Problem, sentence } from "./api";

export type Errors = Record<string, string>;

export interface FieldProps {
	label: string;
	name: string;
	hint?: ComponentChildren;
	error?: string | undefined;
	/* The id of something else that belongs to the question. */
	about?: string;
	/* What the input is described by, and whether it is wrong. */
	children: (attributes: InputAttributes) => ComponentChildren;
}

export interface InputAttributes {
	id: string;
	name: string;
	"aria-describedby"?: string;
	"aria-invalid"?: "true";
}

export function Field(props: FieldProps) {
	const { label, name, hint, error, children } = props;
	const id = useId();
	const about = [
		props.about ?? "",
		hint !== undefined ? `${id}-hint` : "",
		error !== undefined ? `${id}-error` : "",
	].filter((part) => part !== "");
	const attributes: InputAttributes = { id, name };
	if (about.length > 0) attributes["aria-describedby"] = about.join(" ");
	if (error !== undefined) attributes["aria-invalid"] = "true";
	return (
		<div class="field">
			<label for={id}>{label}</label>
			{children(attributes)}
			{error !== undefined && (
				<p class="field-error" id={`${id}-error`}>
					<span aria-hidden="true">▲ </span>
					{error}
				</p>
			)}
			{hint !== undefined && (
				<p class="hint" id={`${id}-hint`}>
					{hint}
				</p>
			)}
		</div>
	);
}

interface InputProps extends Omit<FieldProps, "children"> {
	type?: "text" | "email" | "password" | "number" | "datetime-local";
	autocomplete?: "off" | "name" | "username" | PasswordKind;
	inputMode?: "numeric";
	required?: boolean;
	maxLength?: number;
	min?: number;
	max?: number;
	defaultValue?: string;
	value?: string;
	onInput?: (event: TargetedInputEvent<HTMLInputElement>) => void;
}

type PasswordKind = "new-password" | "current-password";

/** A field that is a plain <input>. */
export function Input(props: InputProps) {
	const { label, name, hint, error, about, ...rest } = props;
	const field = { label, name, hint, error };
	return (
		<Field {...field} {...(about === undefined ? {} : { about })}>
			{(attributes) => {
				/* Preact's types tell inputs apart by a constant type. */
				const all = { ...rest, ...attributes };
				return (
					<input
						{...(all as JSX.IntrinsicElements["input"])}
					/>
				);
			}}
		</Field>
	);
}

export interface Sending {
	busy: boolean;
	/* What is wrong with the form as a whole. */
	failure: string | undefined;
	errors: Errors;
	submit: (event: Event) => void;
}

/* The reader is taken to the first thing that is wrong. */
function focusFirstError(form: HTMLFormElement): void {
	requestAnimationFrame(() => {
		form.querySelector<HTMLElement>(
			'[aria-invalid="true"], [role="alert"]',
		)?.focus();
	});
}

function sortErrors(error: unknown, fields: string[]): [Errors, string?] {
	if (!(error instanceof Problem) || error.errors.length === 0)
		return [{}, messageOf(error)];
	const errors: Errors = {};
	const others: string[] = [];
	for (const { field, detail } of error.errors) {
		const name = field.replace(/[[.].*$/, "");
		if (fields.includes(name)) errors[name] = sentence(detail);
		else others.push(sentence(detail));
	}
	return others.length === 0 ? [errors] : [errors, others.join(" ")];
}

/**
 * Sends a form. `check` finds what needs no server; `send` does the rest and
 * throws what the server said.
 */
export function useSending(
	check: (data: FormData) => Errors,
	send: (data: FormData, form: HTMLFormElement) => Promise<void>,
): Sending {
	const [busy, setBusy] = useState(false);
	const [failure, setFailure] = useState<string>();
	const [errors, setErrors] = useState<Errors>({});
	const sending = useRef(false);

	const run = async (form: HTMLFormElement) => {
		const data = new FormData(form);
		const wrong = check(data);
		setErrors(wrong);
		setFailure(undefined);
		if (Object.keys(wrong).length > 0) {
			focusFirstError(form);
			return;
		}
		sending.current = true;
		setBusy(true);
		try {
			await send(data, form);
		} catch (error) {
			const names = [...form.elements].map(
				(element) => element.getAttribute("name") ?? "",
			);
			const [ofFields, ofForm] = sortErrors(error, names);
			setErrors(ofFields);
			setFailure(ofForm);
			focusFirstError(form);
		} finally {
			sending.current = false;
			setBusy(false);
		}
	};

	return {
		busy,
		failure,
		errors,
		submit: (event) => {
			event.preventDefault();
			if (!sending.current)
				void run(
					event.currentTarget as HTMLFormElement,
				);
		},
	};
}

/** What went wrong with a form as a whole, read out as it appears. */
export function Failure({ text }: { text: string | undefined }) {
	if (text === undefined) return null;
	return (
		<p class="note note-bad" role="alert" tabIndex={-1}>
			{text}
		</p>
	);
}

export function textOf(data: FormData, name: string): string {
	const value = data.get(name);
	return typeof value === "string" ? value : "";
}
