/*
 * The keys: a list, and what can be done to each.
 */
import { useState } from "preact/hooks";
import { call, messageOf } from "./api";
import { CopyLine } from "./copy";
import { Dialog } from "./dialog";
import { ago, count, date, dateTime, duration } from "./format";
import { RevokeDialog, RotateDialog, SecretDialog } from "./key_dialogs";
import { KeyForm } from "./key_form";
import { type Live, useLive } from "./live";
import { Awaited, Page } from "./page";
import { keepSecret } from "./secrets";
import type { ApiKey } from "./wire";
import { LEVELS } from "./words";

const EVERY_MS = 15000;

/** The account's keys, the newest first. */
export function useKeys(): Live<ApiKey[]> {
	return useLive(
		"keys",
		async (signal) => {
			const { items } = await call<{ items: ApiKey[] }>(
				"GET",
				"/api/v1/api-keys",
				{ signal },
			);
			return items.sort((a, b) => b.createdAt - a.createdAt);
		},
		{ everyMs: EVERY_MS },
	);
}

/* What is open above the list. */
type Open =
	| { what: "create" }
	| { what: "edit" | "rotate" | "revoke" | "secret"; key: ApiKey };

function Settings({ of }: { of: ApiKey }) {
	const origins = of.allowedOrigins.length;
	return (
		<ul class="settings">
			<li>score {of.minScore} or more</li>
			<li>{duration(of.ttlSeconds)} to answer</li>
			<li>
				{of.rateLimit === 0
					? "no rate limit"
					: `${count(of.rateLimit)} requests a minute`}
			</li>
			{of.minSolveMs > 0 && (
				<li>not faster than {of.minSolveMs} ms</li>
			)}
			<li title={of.allowedOrigins.join("\n")}>
				{origins === 0
					? "no other origin"
					: origins === 1
						? of.allowedOrigins[0]
						: `${origins} origins`}
			</li>
		</ul>
	);
}

function Badges({ of }: { of: ApiKey }) {
	return (
		<span class="badges">
			<span class="badge">{LEVELS[of.difficulty].name}</span>
			{of.revokedAt !== null ? (
				<span class="badge badge-bad">Revoked</span>
			) : (
				!of.enabled && (
					<span class="badge badge-warn">
						Disabled
					</span>
				)
			)}
		</span>
	);
}

interface RowProps {
	of: ApiKey;
	open: (open: Open) => void;
	toggle: (key: ApiKey) => void;
}

function Actions({ of, open, toggle }: RowProps) {
	const named = <span class="unseen"> {of.name}</span>;
	return (
		<div class="row">
			<button
				type="button"
				class="button button-small"
				onClick={() => open({ what: "edit", key: of })}
			>
				Edit{named}
			</button>
			<button
				type="button"
				class="button button-small"
				onClick={() => toggle(of)}
			>
				{of.enabled ? "Disable" : "Enable"}
				{named}
			</button>
			<button
				type="button"
				class="button button-small"
				onClick={() =>
					open({ what: "rotate", key: of })
				}
			>
				New secret
				<span class="unseen"> for {of.name}</span>
			</button>
			<button
				type="button"
				class="button button-small button-quiet-bad"
				onClick={() =>
					open({ what: "revoke", key: of })
				}
			>
				Revoke{named}
			</button>
		</div>
	);
}

function KeyRow(props: RowProps) {
	const { of } = props;
	const now = Date.now();
	const until = of.previousKeyExpiresAt;
	return (
		<li class="key card">
			<div class="key-head">
				<h2>{of.name}</h2>
				<Badges of={of} />
				<span class="key-used muted small">
					{of.lastUsedAt === null
						? "never used"
						: `used ${ago(of.lastUsedAt, now)}`}
					{" · made "}
					{date(of.createdAt)}
				</span>
			</div>
			<Settings of={of} />
			<div class="key-foot">
				<dl class="key-texts">
					<dt>Secret key</dt>
					<dd>
						<code>
							{of.prefix}…{of.last4}
						</code>
						{until !== undefined &&
							until > now && (
								<span class="small muted">
									{" "}
									the one
									before
									works
									until{" "}
									{dateTime(
										until,
									)}
								</span>
							)}
					</dd>
					<dt>Publishable key</dt>
					<dd>
						<CopyLine
							text={of.publishableKey}
							what={`the publishable key of ${of.name}`}
						/>
					</dd>
				</dl>
				<Actions {...props} />
			</div>
		</li>
	);
}

function Revoked({ keys }: { keys: ApiKey[] }) {
	if (keys.length === 0) return null;
	return (
		<details class="more">
			<summary>
				{keys.length} revoked{" "}
				{keys.length === 1 ? "key" : "keys"}
			</summary>
			<div
				class="scroll"
				role="region"
				aria-label="Revoked keys"
				tabIndex={0}
			>
				<table>
					<thead>
						<tr>
							<th scope="col">
								Name
							</th>
							<th scope="col">
								Secret key
							</th>
							<th scope="col">
								Revoked
							</th>
						</tr>
					</thead>
					<tbody>
						{keys.map((key) => (
							<tr key={key.id}>
								<th scope="row">
									{
										key.name
									}
								</th>
								<td>
									<code>
										{
											key.prefix
										}

										…
										{
											key.last4
										}
									</code>
								</td>
								<td>
									{dateTime(
										key.revokedAt ??
											0,
									)}
								</td>
							</tr>
						))}
					</tbody>
				</table>
			</div>
		</details>
	);
}

function Empty({ onCreate }: { onCreate: () => void }) {
	return (
		<div class="card empty">
			<h2>No key yet</h2>
			<p>
				Your servers and pages use keys to get
				challenges and to check answers. Make one for
				each place where you use aiCAPTCHA.
			</p>
			<div class="row">
				<button
					type="button"
					class="button button-main"
					onClick={onCreate}
				>
					Create a key
				</button>
				<a class="button" href="#/start">
					Show me the first steps
				</a>
			</div>
		</div>
	);
}

interface OpenedProps {
	open: Open | null;
	setOpen: (open: Open | null) => void;
	/* Says what was done, and loads the list again. */
	done: (text: string) => void;
}

function Opened({ open, setOpen, done }: OpenedProps) {
	const close = () => setOpen(null);
	const showSecret = (key: ApiKey) => {
		if (key.key !== undefined) keepSecret(key.id, key.key);
		setOpen({ what: "secret", key });
	};
	if (open === null) return null;
	switch (open.what) {
		case "create":
			return (
				<Dialog title="Create a key" onClose={close}>
					<KeyForm
						onCancel={close}
						onDone={(key) => {
							showSecret(key);
							done(
								`The key ${key.name} is made.`,
							);
						}}
					/>
				</Dialog>
			);
		case "edit":
			return (
				<Dialog
					title={`Edit “${open.key.name}”`}
					onClose={close}
				>
					<KeyForm
						of={open.key}
						onCancel={close}
						onDone={(key) => {
							close();
							done(
								`The key ${key.name} is saved.`,
							);
						}}
					/>
				</Dialog>
			);
		case "rotate":
			return (
				<RotateDialog
					of={open.key}
					onClose={close}
					onDone={(key) => {
						showSecret(key);
						done(
							`The key ${key.name} has a new secret.`,
						);
					}}
				/>
			);
		case "revoke":
			return (
				<RevokeDialog
					of={open.key}
					onClose={close}
					onDone={() => {
						close();
						done(
							`The key ${open.key.name} is revoked.`,
						);
					}}
				/>
			);
		case "secret":
			return (
				<SecretDialog
					key={open.key.key}
					of={open.key}
					onClose={close}
				/>
			);
	}
}

export function Keys() {
	const keys = useKeys();
	const [open, setOpen] = useState<Open | null>(null);
	const [said, setSaid] = useState("");
	const done = (text: string) => {
		setSaid(text);
		keys.reload();
	};
	const toggle = async (key: ApiKey) => {
		try {
			await call("PATCH", `/api/v1/api-keys/${key.id}`, {
				body: { enabled: !key.enabled },
			});
			done(
				`The key ${key.name} is ${key.enabled ? "disabled" : "enabled"}.`,
			);
		} catch (error) {
			setSaid(messageOf(error));
		}
	};
	const live = keys.data?.filter((key) => key.revokedAt === null);
	const create = () => setOpen({ what: "create" });
	return (
		<Page
			title="Keys"
			lead="A secret key for your servers, a publishable key for your pages."
			actions={
				live !== undefined &&
				live.length > 0 && (
					<button
						type="button"
						class="button button-main"
						onClick={create}
					>
						Create a key
					</button>
				)
			}
		>
			<p class="said" role="status">
				{said}
			</p>
			{live === undefined ? (
				<Awaited
					what="your keys"
					error={keys.error}
					retry={keys.reload}
				/>
			) : live.length === 0 ? (
				<Empty onCreate={create} />
			) : (
				<ul class="key-list">
					{live.map((key) => (
						<KeyRow
							key={key.id}
							of={key}
							open={setOpen}
							toggle={(of) =>
								void toggle(of)
							}
						/>
					))}
				</ul>
			)}
			<Revoked
				keys={
					keys.data?.filter(
						(key) => key.revokedAt !== null,
					) ?? []
				}
			/>
			<Opened open={open} setOpen={setOpen} done={done} />
		</Page>
	);
}
