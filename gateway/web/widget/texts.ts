/*
 * What the widget says, in each of its languages. The challenge itself is
 * English; where the rest is not, the hint says so.
 */
const en = {
	hint: "A check for AI agents. The time counts.",
	idle: "Press Start when you are ready to answer.",
	start: "Start",
	loading: "Getting a challenge…",
	digits: "Digits",
	answer: "Answer",
	submit: "Submit",
	ready: "The clock is running.",
	number: "Type a whole number.",
	verifying: "Checking the answer…",
	solved: "Passed: an AI agent.",
	wrong: "That is not the answer. A challenge takes only one.",
	slow: "Right, but too slow: AI agents answer sooner than people can.",
	fast: "Right, but sooner than any language model answers.",
	timeout: "The time for the challenge was over.",
	expired: "The check has expired.",
	again: "New challenge",
	retry: "Try again",
	offline: "The check cannot be reached.",
	busy: "Too many requests at the moment.",
	wait: "Next try in {seconds} s.",
	failed: "That did not work.",
	badKey: "For the owner of this site: its key is not valid.",
	badOrigin: "For the owner of this site: the key does not allow {origin}.",
};

export type Texts = typeof en;

const de: Texts = {
	hint: "Eine Prüfung für KI-Agenten, auf Englisch. Die Zeit zählt.",
	idle: "Mit Start geht es los.",
	start: "Start",
	loading: "Aufgabe wird geholt…",
	digits: "Ziffern",
	answer: "Antwort",
	submit: "Absenden",
	ready: "Die Uhr läuft.",
	number: "Bitte eine ganze Zahl eingeben.",
	verifying: "Antwort wird geprüft…",
	solved: "Bestanden: ein KI-Agent.",
	wrong: "Das ist nicht die Antwort. Jede Aufgabe nimmt nur eine an.",
	slow: "Richtig, aber zu langsam: KI-Agenten sind schneller, als Menschen es können.",
	fast: "Richtig, aber schneller, als ein Sprachmodell antwortet.",
	timeout: "Die Zeit für die Aufgabe war um.",
	expired: "Die Prüfung ist abgelaufen.",
	again: "Neue Aufgabe",
	retry: "Noch einmal",
	offline: "Die Prüfung ist nicht erreichbar.",
	busy: "Gerade kommen zu viele Anfragen.",
	wait: "Nächster Versuch in {seconds} s.",
	failed: "Das hat nicht geklappt.",
	badKey: "An die Betreiber dieser Seite: Ihr Schlüssel ist ungültig.",
	badOrigin: "An die Betreiber dieser Seite: Der Schlüssel erlaubt {origin} nicht.",
};

const es: Texts = {
	hint: "Una prueba para agentes de IA, en inglés. El tiempo cuenta.",
	idle: "Pulse Empezar cuando pueda responder.",
	start: "Empezar",
	loading: "Obteniendo la prueba…",
	digits: "Dígitos",
	answer: "Respuesta",
	submit: "Enviar",
	ready: "El tiempo corre.",
	number: "Escriba un número entero.",
	verifying: "Comprobando la respuesta…",
	solved: "Superada: es un agente de IA.",
	wrong: "Esa no es la respuesta. Cada prueba admite solo una.",
	slow: "Correcto, pero demasiado lento: un agente de IA responde antes que una persona.",
	fast: "Correcto, pero antes de lo que responde un modelo de lenguaje.",
	timeout: "Se acabó el tiempo de la prueba.",
	expired: "La verificación ha caducado.",
	again: "Otra prueba",
	retry: "Reintentar",
	offline: "No se puede conectar con la verificación.",
	busy: "Hay demasiadas solicitudes.",
	wait: "Próximo intento en {seconds} s.",
	failed: "Algo ha fallado.",
	badKey: "Para el dueño de este sitio: la clave no es válida.",
	badOrigin: "Para el dueño de este sitio: la clave no permite {origin}.",
};

const fr: Texts = {
	hint: "Un test pour agents d’IA, en anglais. Le temps compte.",
	idle: "Appuyez sur Commencer pour répondre.",
	start: "Commencer",
	loading: "Chargement de l’épreuve…",
	digits: "Chiffres",
	answer: "Réponse",
	submit: "Envoyer",
	ready: "Le chrono tourne.",
	number: "Saisissez un nombre entier.",
	verifying: "Vérification de la réponse…",
	solved: "Réussi : un agent d’IA.",
	wrong: "Ce n’est pas la réponse. Chaque épreuve n’en accepte qu’une.",
	slow: "Juste, mais trop lent : un agent d’IA répond plus vite qu’une personne.",
	fast: "Juste, mais plus vite qu’aucun modèle de langage.",
	timeout: "Le temps de l’épreuve est écoulé.",
	expired: "La vérification a expiré.",
	again: "Autre épreuve",
	retry: "Réessayer",
	offline: "La vérification est injoignable.",
	busy: "Trop de demandes en ce moment.",
	wait: "Nouvel essai dans {seconds} s.",
	failed: "Cela n’a pas fonctionné.",
	badKey: "Au propriétaire de ce site : la clé n’est pas valide.",
	badOrigin: "Au propriétaire de ce site : la clé n’autorise pas {origin}.",
};

const ja: Texts = {
	hint: "AIエージェントの確認です（問題は英語）。時間も評価されます。",
	idle: "準備ができたら「開始」を押してください。",
	start: "開始",
	loading: "問題を取得しています…",
	digits: "数字",
	answer: "答え",
	submit: "送信",
	ready: "計測中です。",
	number: "整数を入力してください。",
	verifying: "答えを確認しています…",
	solved: "合格：AIエージェントです。",
	wrong: "答えが違います。答えられるのは一問につき一度だけです。",
	slow: "正解ですが、遅すぎます。AIエージェントは人より速く答えます。",
	fast: "正解ですが、言語モデルにしては速すぎます。",
	timeout: "問題の制限時間が過ぎました。",
	expired: "確認の有効期限が切れました。",
	again: "新しい問題",
	retry: "再試行",
	offline: "確認サーバーに接続できません。",
	busy: "ただいま混み合っています。",
	wait: "{seconds}秒後に再試行します。",
	failed: "うまくいきませんでした。",
	badKey: "サイト管理者の方へ：サイトキーが無効です。",
	badOrigin: "サイト管理者の方へ：このキーは {origin} を許可していません。",
};

const zh: Texts = {
	hint: "AI 智能体验证（题目为英文），答题时间计入评分。",
	idle: "准备好后请按“开始”。",
	start: "开始",
	loading: "正在获取题目…",
	digits: "数字",
	answer: "答案",
	submit: "提交",
	ready: "正在计时。",
	number: "请输入整数。",
	verifying: "正在检查答案…",
	solved: "已通过：AI 智能体。",
	wrong: "答案不对。每道题只能回答一次。",
	slow: "答案正确，但太慢：AI 智能体比人答得更快。",
	fast: "答案正确，但快于任何语言模型。",
	timeout: "答题时间已过。",
	expired: "验证已过期。",
	again: "换一题",
	retry: "重试",
	offline: "无法连接验证服务。",
	busy: "当前请求过多。",
	wait: "{seconds} 秒后重试。",
	failed: "出错了。",
	badKey: "致网站管理员：站点密钥无效。",
	badOrigin: "致网站管理员：该密钥不允许 {origin}。",
};

const LANGUAGES: Record<string, Texts> = { en, de, es, fr, ja, zh };

/** The first of the wanted languages ("de-AT") that there is, else English. */
export function pickLanguage(wanted: readonly string[]): string {
	for (const tag of wanted) {
		const language = tag.toLowerCase().split(/[-_]/)[0] ?? "";
		if (Object.hasOwn(LANGUAGES, language)) {
			return language;
		}
	}
	return "en";
}

/** What is said in a language that pickLanguage gave. */
export function textsOf(language: string): Texts {
	return LANGUAGES[language] ?? en;
}

/** The text with {name} replaced by the value of that name. */
export function fill(text: string, values: Record<string, string>): string {
	return text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
}
