/*
 * The dialogs of a key: its secret, rotating and revoking it.
 */
import { useState } from "preact/hooks";
import { call, messageOf } from "./api";
import { CopyLine } from "./copy";
import { Dialog } from "./dialog";
import { Failure, Field, textOf, useSending } from "./form";
import { dateTime } from "./format";
import type { ApiKey } from "./wire";

/** Shows a secret, the only time that there is. */
export function SecretDialog({
	of,
	onClose,
}: {
	of: ApiKey;
	onClose: () => void;
}) {
	const until = of.previousKeyExpiresAt;
	return (
		<Dialog
			title={`The secret of “${of.name}”`}
			onClose={onClose}
			firm
		>
			<p class="note note-warn">
				<strong>You will not see this again.</strong>{" "}
				Copy it now and keep it where your server finds
				it: in an environment variable or a store for
				secrets, never in a web page or in a repository.
			</p>
			<CopyLine text={of.key ?? ""} what="the secret key" />
			{until !== undefined && (
				<p>
					The old secret goes on working until{" "}
					<strong>{dateTime(until)}</strong>.
				</p>
			)}
			<p class="small muted">
				Web pages use the publishable key, which you
				find in the list at any time:
			</p>
			<CopyLine
				text={of.publishableKey}
				what="the publishable key"
			/>
			<div class="row row-end">
				<button
					type="button"
					class="button button-main"
					onClick={onClose}
				>
					I have stored it
				</button>
			</div>
		</Dialog>
	);
}

const GRACES: [number, string][] = [
	[0, "Stops working at once"],
	[3600, "Works for 1 more hour"],
	[86400, "Works for 24 more hours"],
	[604800, "Works for 7 more days"],
	[2592000, "Works for 30 more days"],
];

export interface RotateProps {
	of: ApiKey;
	onDone: (key: ApiKey) => void;
	onClose: () => void;
}

export function RotateDialog({ of, onDone, onClose }: RotateProps) {
	const form = useSending(
		() => ({}),
		async (data) => {
			const graceSeconds = Number(
				textOf(data, "graceSeconds"),
			);
			onDone(
				await call(
					"POST",
					`/api/v1/api-keys/${of.id}/rotate`,
					{
						body: { graceSeconds },
					},
				),
			);
		},
	);
	return (
		<Dialog
			title={`A new secret for “${of.name}”`}
			onClose={onClose}
		>
			<form class="form" onSubmit={form.submit}>
				<p>
					The key gets a new secret. Settings,
					publishable key and counts stay as they
					are. Let the old secret live until all
					of your servers know the new one.
				</p>
				<Failure text={form.failure} />
				<Field
					label="The old secret"
					name="graceSeconds"
					error={form.errors.graceSeconds}
				>
					{(attributes) => (
						<select {...attributes}>
							{GRACES.map(
								([
									seconds,
									text,
								]) => (
									<option
										key={
											seconds
										}
										value={
											seconds
										}
										selected={
											seconds ===
											86400
										}
									>
										{
											text
										}
									</option>
								),
							)}
						</select>
					)}
				</Field>
				<div class="row row-end">
					<button
						type="button"
						class="button"
						onClick={onClose}
					>
						Cancel
					</button>
					<button
						class="button button-main"
						disabled={form.busy}
					>
						Make a new secret
					</button>
				</div>
			</form>
		</Dialog>
	);
}

export interface RevokeProps {
	of: ApiKey;
	onDone: () => void;
	onClose: () => void;
}

export function RevokeDialog({ of, onDone, onClose }: RevokeProps) {
	const [busy, setBusy] = useState(false);
	const [failure, setFailure] = useState<string>();
	const revoke = async () => {
		setBusy(true);
		setFailure(undefined);
		try {
			await call("DELETE", `/api/v1/api-keys/${of.id}`);
			onDone();
		} catch (error) {
			setFailure(messageOf(error));
			setBusy(false);
		}
	};
	return (
		<Dialog title={`Revoke “${of.name}”?`} onClose={onClose}>
			<p>
				Within a second, whoever uses this key is
				refused: its secret and its publishable key.{" "}
				<strong>This cannot be undone.</strong> To stop
				it for a while, disable it instead.
			</p>
			<Failure text={failure} />
			<div class="row row-end">
				<button
					type="button"
					class="button"
					onClick={onClose}
				>
					Keep it
				</button>
				<button
					type="button"
					class="button button-bad"
					disabled={busy}
					onClick={() => void revoke()}
				>
					Revoke the key
				</button>
			</div>
		</Dialog>
	);
}
