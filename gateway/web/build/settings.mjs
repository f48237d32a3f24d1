/*
 * deploy/aicaptcha.conf as markdown: it documents each setting for an operator,
 * and is the only place that does.
 */
const HEADING = /^# ---- (.+) ----$/;
const SETTING = /^#([a-z0-9_]+) = (.*)$/;

const capital = (text) => text[0].toUpperCase() + text.slice(1);

/* Names of settings and files in running text are code. */
const mark = (text) =>
	text
		.replace(/\bdocs\/([a-z-]+)\.md\b/g, "[$1]($1.md)")
		.replace(
			/\bdeploy\/[\w./-]*\w|\b[a-z0-9]+(?:_[a-z0-9]+)+\b/g,
			"`$&`",
		)
		.replace(/\bAIC_[A-Z_]+\b/g, "`$&`")
		.replace(/\b(?:ipc|tcp):\/\/[\w.:*]*[\w*]/g, "`$&`")
		.replace(/</g, "&lt;");

/**
 * Sections "### ...", and of each setting its name in the environment, its
 * default and what the comment above it says.
 */
export function renderSettings(text) {
	const out = [];
	let comment = [];
	let kept = "";
	for (const line of text.split("\n")) {
		const heading = HEADING.exec(line);
		const setting = SETTING.exec(line);
		if (heading !== null) {
			out.push(`### ${capital(heading[1])}`, "");
			comment = [];
		} else if (setting !== null) {
			const [, name, value] = setting;
			/* Two settings may share the comment above the first. */
			kept = comment.length > 0 ? comment.join(" ") : kept;
			comment = [];
			out.push(
				`**\`AIC_${name.toUpperCase()}\`**, default ` +
					(/^("")?$/.test(value)
						? "empty"
						: `\`${value}\``) +
					"  ",
				capital(mark(kept)),
				"",
			);
		} else if (line.startsWith("# ")) {
			comment.push(line.slice(2));
		} else {
			comment = [];
		}
	}
	if (out.length === 0) {
		throw new Error("there are no settings in aicaptcha.conf");
	}
	return out.join("\n");
}
