/*
 * The frame: who is signed in decides whether the pages or the sign-in show;
 * the address decides which page.
 */
import { useEffect, useState } from "preact/hooks";
import { online } from "./api";
import { Account } from "./account";
import { ConnectionBanner } from "./connection";
import { FirstRun } from "./first_run";
import { Home } from "./home";
import { Mark, Moon, Sun } from "./icons";
import { Keys } from "./keys";
import { Awaited, Page } from "./page";
import { Playground } from "./playground";
import { route } from "./route";
import { resume, signOut, trouble, user } from "./session";
import { SignIn } from "./sign_in";
import { useStore } from "./store";
import { isDark, repaint, setTheme } from "./theme";

const PAGES: {
	path: string;
	name: string;
	page: () => preact.JSX.Element | null;
}[] = [
	{ path: "/", name: "Overview", page: Home },
	{ path: "/keys", name: "Keys", page: Keys },
	{ path: "/playground", name: "Playground", page: Playground },
	{ path: "/account", name: "Account", page: Account },
];

function NotFound() {
	return (
		<Page title="There is nothing here">
			<p>
				<a href="#/">Go to the overview</a>
			</p>
		</Page>
	);
}

function ThemeButton() {
	useStore(repaint);
	const dark = isDark();
	return (
		<button
			type="button"
			class="bar-button"
			onClick={() => setTheme(dark ? "light" : "dark")}
		>
			{dark ? <Sun /> : <Moon />}
			<span class="unseen">
				{dark
					? "Use light colours"
					: "Use dark colours"}
			</span>
		</button>
	);
}

function Bar({ path }: { path: string }) {
	return (
		<header class="bar">
			<div class="bar-inner">
				<a class="brand" href="#/">
					<Mark />
					aiCAPTCHA
				</a>
				<nav aria-label="Pages" class="nav">
					{PAGES.map((page) => (
						<a
							key={page.path}
							href={`#${page.path}`}
							aria-current={
								page.path ===
								path
									? "page"
									: undefined
							}
						>
							{page.name}
						</a>
					))}
					<a href="/docs">Docs</a>
				</nav>
				<div class="bar-end">
					<ThemeButton />
					<button
						type="button"
						class="bar-button"
						onClick={() => void signOut()}
					>
						Sign out
					</button>
				</div>
			</div>
		</header>
	);
}

function Signed() {
	const { path } = useStore(route);
	const unsigned = useStore(trouble);
	const known = PAGES.find((page) => page.path === path);
	const Shown = path === "/start" ? FirstRun : (known?.page ?? NotFound);
	return (
		<>
			<a
				class="skip"
				href="#main"
				onClick={(event) => {
					/* The address is the page's: only the focus moves. */
					event.preventDefault();
					document.querySelector<HTMLElement>(
						"h1",
					)?.focus();
				}}
			>
				Skip to the content
			</a>
			<Bar path={path === "/start" ? "/" : path} />
			<ConnectionBanner />
			<div role="alert">
				{unsigned !== null && (
					<p class="banner">{unsigned}</p>
				)}
			</div>
			<main class="page" id="main">
				<Shown key={path} />
			</main>
		</>
	);
}

const AGAIN_MS = 10000;

/* Until it is known who is signed in. */
function Opening() {
	const [error, setError] = useState<unknown>();
	const ask = () => void resume().catch(setError);
	useEffect(() => {
		ask();
		return online.subscribe(() => {
			if (online.get()) ask();
		});
	}, []);
	useEffect(() => {
		if (error === undefined) return;
		const timer = setTimeout(ask, AGAIN_MS);
		return () => clearTimeout(timer);
	}, [error]);
	return (
		<>
			<ConnectionBanner />
			<main class="page" id="main">
				<h1 class="unseen">aiCAPTCHA</h1>
				<Awaited
					what="your account"
					error={error}
					retry={ask}
				/>
			</main>
		</>
	);
}

export function App() {
	const me = useStore(user);
	if (me === undefined) return <Opening />;
	if (me === null)
		return (
			<>
				<ConnectionBanner />
				<SignIn />
			</>
		);
	return <Signed key={me.id} />;
}
