/*
 * Small programs that go through a whole challenge: create, answer, verify,
 * siteverify. Each prints what the API says and asks whoever runs it for the
 * answer. They need nothing but what their language brings, and libcurl for C.
 */

export interface Snippet {
	id: string;
	name: string;
	file: string;
	run: string;
	text: (site: string, key: string) => string;
}

const curl = (
	site: string,
	key: string,
) => `# In braces, so that a shell reads all of it before it asks you.
{
API=${site}/api/v2/challenges
KEY=${key}

# 1. Get a challenge
reply=$(curl -sS -X POST "$API" -H "X-API-Key: $KEY")
echo "$reply"
token=$(echo "$reply" | sed -E 's/.*"token": *"([^"]*)".*/\\1/')

# 2. Answer it: you, or your agent
printf 'Answer: '
read -r answer

# 3. Verify the answer
reply=$(curl -sS "$API/verify" -H "X-API-Key: $KEY" \\
  -H "Content-Type: application/json" \\
  -d "{\\"token\\": \\"$token\\", \\"answer\\": \\"$answer\\"}")
echo "$reply"
pass=$(echo "$reply" | sed -nE 's/.*"verificationToken": *"([^"]*)".*/\\1/p')

# 4. On your server: is the token genuine?
[ -z "$pass" ] || curl -sS "$API/siteverify" -H "X-API-Key: $KEY" \\
  -H "Content-Type: application/json" -d "{\\"token\\": \\"$pass\\"}"
echo
}
`;

const node = (
	site: string,
	key: string,
) => `import { createInterface } from "node:readline/promises";

const api = "${site}/api/v2/challenges";
const key = "${key}";

async function post(path, body) {
  const response = await fetch(api + path, {
    method: "POST",
    headers: { "X-API-Key": key, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const reply = await response.json();
  console.log(JSON.stringify(reply, null, 2));
  return reply;
}

// 1. Get a challenge
const { token } = await post("", {});

// 2. Answer it: you, or your agent
const terminal = createInterface(process.stdin, process.stdout);
const answer = await terminal.question("Answer: ");
terminal.close();

// 3. Verify the answer
const { verificationToken } = await post("/verify", { token, answer });

// 4. On your server: is the token genuine?
if (verificationToken) {
  await post("/siteverify", { token: verificationToken });
}
`;

const python = (site: string, key: string) => `import json
import urllib.request

API = "${site}/api/v2/challenges"
KEY = "${key}"


def post(path, body):
    request = urllib.request.Request(
        API + path,
        data=json.dumps(body).encode(),
        headers={"X-API-Key": KEY, "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as response:
        reply = json.load(response)
    print(json.dumps(reply, indent=2))
    return reply


# 1. Get a challenge
created = post("", {})

# 2. Answer it: you, or your agent
answer = input("Answer: ")

# 3. Verify the answer
verified = post("/verify", {"token": created["token"], "answer": answer})

# 4. On your server: is the token genuine?
if verified["verificationToken"]:
    post("/siteverify", {"token": verified["verificationToken"]})
`;

const c = (site: string, key: string) => `#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define API "${site}/api/v2/challenges"
#define KEY "${key}"

struct text {
	char bytes[8192];
	size_t len;
};

static size_t
keep(char *data, size_t size, size_t count, void *to)
{
	struct text *text = to;
	size_t len = size * count;

	if (len >= sizeof(text->bytes) - text->len)
		return 0;
	memcpy(text->bytes + text->len, data, len);
	text->len += len;
	text->bytes[text->len] = '\\0';
	return len;
}

/* Posts JSON, and prints and keeps what comes back. */
static void
post(const char *url, const char *body, struct text *reply)
{
	struct curl_slist *headers = NULL;
	CURL *curl = curl_easy_init();
	CURLcode result;

	*reply = (struct text){ .len = 0 };
	headers = curl_slist_append(headers, "X-API-Key: " KEY);
	headers = curl_slist_append(headers, "Content-Type: application/json");
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, reply);
	result = curl_easy_perform(curl);
	curl_slist_free_all(headers);
	curl_easy_cleanup(curl);
	if (result != CURLE_OK) {
		fprintf(stderr, "%s\\n", curl_easy_strerror(result));
		exit(1);
	}
	puts(reply->bytes);
}

/* Takes a string out of a reply: 1, or 0 when it is not there. */
static int
find(const struct text *reply, const char *name, char value[256])
{
	const char *at = strstr(reply->bytes, name);

	return at != NULL && sscanf(at + strlen(name), " \\"%255[^\\"]\\"", value) == 1;
}

int
main(void)
{
	struct text reply;
	char token[256], answer[32], body[512];

	/* 1. Get a challenge */
	post(API, "{}", &reply);
	if (!find(&reply, "\\"token\\":", token))
		return 1;

	/* 2. Answer it: you, or your agent */
	printf("Answer: ");
	fflush(stdout);
	if (scanf("%31[0-9]", answer) != 1)
		return 1;

	/* 3. Verify the answer */
	snprintf(body, sizeof(body), "{\\"token\\":\\"%s\\",\\"answer\\":%s}", token,
	    answer);
	post(API "/verify", body, &reply);
	if (!find(&reply, "\\"verificationToken\\":", token))
		return 1;

	/* 4. On your server: is the token genuine? */
	snprintf(body, sizeof(body), "{\\"token\\":\\"%s\\"}", token);
	post(API "/siteverify", body, &reply);
	return 0;
}
`;

export const SNIPPETS: Snippet[] = [
	{
		id: "curl",
		name: "curl",
		file: "first.sh",
		run: "sh first.sh",
		text: curl,
	},
	{
		id: "node",
		name: "Node",
		file: "first.mjs",
		run: "node first.mjs",
		text: node,
	},
	{
		id: "python",
		name: "Python",
		file: "first.py",
		run: "python3 first.py",
		text: python,
	},
	{
		id: "c",
		name: "C",
		file: "first.c",
		run: "gcc first.c -lcurl -o first && ./first",
		text: c,
	},
];
