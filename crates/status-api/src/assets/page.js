// Fills the page from /api/v1. Whatever comes from there is put in as text, never as markup:
// elements are made by `make`, which knows textContent alone.
"use strict";

const REFRESH_MS = 5000;
const TARGETS = 1000;
const find = (id) => document.getElementById(id);

/** Puts a text in, if it is another one: what is put in is read out to those who listen. */
function say(id, text) {
  if (find(id).textContent !== text) find(id).textContent = text;
}

/** An element with attributes and children; strings become text nodes. */
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    element.setAttribute(name, value);
  }
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === "") continue;
    element.append(typeof child === "object" ? child : document.createTextNode(String(child)));
  }
  return element;
}

/* Words */

const WORDS = {
  upToDate: "up to date", onlyOlder: "nothing newer", noCandidate: "no candidate", unscanned: "not scanned yet",
  undecided: "gathering facts", approved: "about to land", landed: "landed", invalid: "needs fixing",
  belowHighWater: "held: below the mark", humanOverride: "held: changed by a person", hold: "held",
  suspectList: "list in doubt", upwardsOnly: "upwards only", unknown: "not asked yet", idle: "nothing pushed yet", currentTagMissing: "current tag is missing",
};

/** `currentTagMissing` as `current tag missing`. */
const words = (code) => WORDS[code] ?? code.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();

function tone(decision) {
  switch (decision.state) {
    case "landed": return "good";
    case "stay": return ["upToDate", "onlyOlder"].includes(decision.reason) ? "good" : "hold";
    case "held": return "hold";
    case "invalid": return "bad";
    default: return "wait";
  }
}

const plural = (count, one, many) => `${count.toLocaleString("en")} ${count === 1 ? one : many ?? one + "s"}`;
const sum = (counts) => Object.values(counts).reduce((total, count) => total + count, 0);
const short = (commit) => commit.slice(0, 10);
const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? "" : ".");

/** A name that may be broken after its slashes. */
const breakable = (name) => name.split(/(?<=\/)/).flatMap((part, index) => (index === 0 ? [part] : [make("wbr"), part]));

/** A value with its digest cut, for a narrow place. */
const brief = (value) => value.replace(/@(sha\d+:[0-9a-f]{8})[0-9a-f]+$/, "@$1…");

/* Times: the server's clock is the one that counts. */

let skew = 0;

function ago(moment) {
  const seconds = Math.round((Date.now() + skew - Date.parse(moment)) / 1000);
  const size = Math.abs(seconds);
  const [count, unit] = size < 60 ? [size, "s"] : size < 3600 ? [size / 60, "min"] : size < 172800 ? [size / 3600, "h"] : [size / 86400, "days"];
  if (size < 2) return "now";
  return seconds < 0 ? `in ${Math.round(count)} ${unit}` : `${Math.round(count)} ${unit} ago`;
}

function when(moment) {
  return moment ? make("time", { datetime: moment, title: moment }, ago(moment)) : "never";
}

function tick() {
  for (const time of document.querySelectorAll("time[datetime]")) {
    const text = ago(time.dateTime);
    if (time.textContent !== text) time.textContent = text;
  }
}

/* Parts. Each is drawn again only when what it shows has changed, so that focus and selection stay. */

const drawn = new Map();

function draw(id, shown, children) {
  const key = JSON.stringify(shown);
  if (drawn.get(id) === key) return;
  drawn.set(id, key);
  find(id).replaceChildren(...children());
}

const badge = (text, mood) => make("span", { class: `badge ${mood}` }, text);
const arrow = () => make("span", { class: "arrow" }, make("span", { "aria-hidden": "true" }, "→"), make("span", { class: "hidden" }, " to "));

function facts(rows) {
  const list = make("dl", { class: "facts" });
  for (const [name, value] of rows) {
    if (value === null || value === undefined || value === "") continue;
    list.append(make("dt", {}, name), make("dd", {}, value));
  }
  return list;
}

const empty = (text) => [make("li", { class: "empty" }, text)];

function headline(status) {
  const targets = status.summary.targets;
  const all = sum(targets);
  if (!status.ready) return "Starting: the first pass is under way.";
  if (all === 0) return "Nothing to keep yet: no image in git has a policy.";
  const moving = (targets.approved ?? 0) + (targets.undecided ?? 0) + (targets.unscanned ?? 0);
  if (targets.invalid) return `${plural(targets.invalid, "image needs", "images need")} fixing in git.`;
  if (moving) return `${plural(moving, "image is", "images are")} being worked on.`;
  if (targets.held) return `All is quiet; ${plural(targets.held, "update is", "updates are")} held.`;
  return `All quiet at the high-water mark: ${plural(all, "image")} kept.`;
}

function card(name, count, mood) {
  return make("div", { class: count ? mood : null }, make("dt", {}, name), make("dd", {}, count.toLocaleString("en")));
}

function cards(status) {
  const { targets, images, commits, problems } = status.summary;
  return [
    card("Images in git", sum(targets), "wait"),
    card("In progress", (targets.approved ?? 0) + (targets.undecided ?? 0) + (targets.unscanned ?? 0), "wait"),
    card("Held", targets.held ?? 0, "hold"),
    card("To be fixed", targets.invalid ?? 0, "bad"),
    card("Scanned in registries", images, "good"),
    card("Commits since the start", commits, "good"),
    card("Problems", problems, "hold"),
  ];
}

function attention(status, registries) {
  const items = [];
  const add = (title, text, mood = "bad", href = null) => items.push({ title, text, mood, href });
  for (const problem of status.config?.problems ?? []) add("The new configuration was refused; the last good one is in force", problem);
  for (const key of status.config?.restartNeeded ?? []) add("A restart is needed", `${key} has a new value in the file`, "hold");
  for (const host of registries) if (!["healthy", "unknown"].includes(host.state)) add(`Registry ${host.host} ${host.text}`, host.lastError, host.state === "paused" ? "hold" : "bad");
  for (const repository of status.repositories) {
    if (repository.fetchError) add(`Git repository ${repository.name} cannot be fetched`, repository.fetchError);
    if (["refused", "failing"].includes(repository.push.state)) add(`Git repository ${repository.name}: ${repository.push.text}`, repository.push.message);
  }
  const { problems } = status.summary;
  if (problems) add(`${plural(problems, "problem")} in files and the configuration`, problems === 1 ? "It stands below." : "They stand below.", "hold", "#problems-title");
  for (const pass of status.passes) if (pass.outcome === "panicked") add(`A ${pass.loop} pass over ${pass.subject} panicked`, "The log says more.");
  return items;
}

/** What stands below a target's name: its object's kind, and which of its images it is. */
function where(target) {
  return [[target.namespace, target.kind].filter(Boolean).join("/"), target.container].filter(Boolean).join(" · ");
}

function row(target) {
  const { decision } = target;
  const open = make("button", { type: "button", class: "workload", "data-id": target.id, "aria-haspopup": "dialog" }, breakable(target.name));
  const policy = target.policyName ?? target.policy;
  const move = decision.proposed && decision.proposed !== target.current
    ? make("span", { class: "moves mono" }, brief(target.current), arrow(), make("span", { class: "to" }, brief(decision.proposed)))
    : make("span", { class: "mono", title: target.current }, brief(target.current));
  return make("tr", { role: "row" },
    make("th", { scope: "row", role: "rowheader" }, open, make("span", { class: "sub" }, where(target))),
    make("td", { role: "cell", "data-label": "Image" }, make("span", { class: "mono" }, breakable(target.image))),
    make("td", { role: "cell", "data-label": "Current" }, move),
    make("td", { role: "cell", "data-label": "Policy" }, policy ? make("span", { class: "mono", title: target.policy }, policy) : make("span", { class: "soft small" }, "unreadable")),
    make("td", { role: "cell", class: "plain" }, badge(words(decision.reason), tone(decision)), make("span", { class: "reason" }, sentence(decision.text))),
  );
}

const ORDER = { invalid: 0, held: 1, approved: 2, undecided: 3, landed: 4, unscanned: 5, stay: 6 };
const urgency = ({ decision }) => (ORDER[decision.state] ?? 6) - (tone(decision) === "hold" ? 0.5 : 0);

function matches(target, filter) {
  const text = [target.workload, target.image, target.current, target.policy, target.policyName, target.optedInBy.text,
    target.repository, target.path, target.field, target.decision.reason, words(target.decision.reason), target.decision.text].join(" ").toLowerCase();
  return filter.split(/\s+/).every((word) => text.includes(word));
}

let targets = { total: 0, targets: [] };

function drawTargets() {
  const filter = find("filter").value.trim().toLowerCase();
  const shown = targets.targets.filter((target) => matches(target, filter)).sort((a, b) => urgency(a) - urgency(b));
  const key = JSON.stringify(shown);
  const table = find("targets");
  if (drawn.get("targets") !== key) {
    drawn.set("targets", key);
    const focused = document.activeElement?.dataset?.id;
    table.tBodies[0].replaceChildren(...shown.map(row));
    if (focused) [...table.querySelectorAll("button.workload")].find((button) => button.dataset.id === focused)?.focus({ preventScroll: true });
  }
  table.hidden = shown.length === 0;
  const text = targets.total > targets.targets.length
    ? `The first ${plural(targets.targets.length, "place")} of ${targets.total.toLocaleString("en")}; “tidemark explain” finds the rest.`
    : targets.total === 0 ? "No place in git has a policy yet. Annotate a workload with tidemark.dev/policy, or write a marker or a rule."
    : shown.length === 0 ? "Nothing matches." : "";
  say("targets-note", text);
  find("targets-note").hidden = text === "";
}

function commit(entry) {
  const more = entry.changesTotal - entry.changes.length;
  return make("li", {},
    make("div", { class: "tile-head" },
      make("h3", {}, entry.repository, " ", make("code", { title: entry.commit }, short(entry.commit))),
      make("span", { class: "soft small" }, when(entry.time))),
    make("ul", { class: "changes" },
      entry.changes.map((change) => make("li", {},
        make("span", { class: "moves mono" }, breakable(change.image), " ", brief(change.from), arrow(), make("span", { class: "to" }, brief(change.to))),
        make("span", { class: "sub" }, change.workload))),
      more > 0 ? make("li", { class: "soft" }, `and ${plural(more, "more change")}`) : null));
}

function requests(counts) {
  const total = sum(counts);
  const kinds = Object.entries(counts).filter(([, count]) => count > 0).map(([kind, count]) => `${kind} ${count.toLocaleString("en")}`);
  return total === 0 ? "none yet" : `${total.toLocaleString("en")} (${kinds.join(", ")})`;
}

function registry(host) {
  const mood = { healthy: "good", unknown: "wait", paused: "hold" }[host.state] ?? "bad";
  return make("li", {},
    make("div", { class: "tile-head" }, make("h3", {}, host.host), badge(words(host.state), mood)),
    ["healthy", "unknown"].includes(host.state) ? null : make("p", { class: "small soft" }, sentence(host.text)),
    facts([
      ["Images", host.images.toLocaleString("en")],
      ["Requests", requests(host.requests)],
      ["Credential", host.credential?.text],
      ["Limit", `${host.requestsPerSecond}/s, ${host.concurrency} at once`],
      ["Quota", host.quota ? `${host.quota.remaining} of ${host.quota.limit} left` : null],
      ["Paused until", host.pausedUntil ? when(host.pausedUntil) : null],
      ["Next scan", host.nextScan ? when(host.nextScan) : null],
    ]),
    host.lastError ? make("p", { class: "error" }, host.lastError) : null,
    host.pausedElsewhere.map((other) => make("p", { class: "error" }, `${other.origin}, where it leads to, is left alone: ${other.reason}`, " until ", when(other.pausedUntil))));
}

function repository(entry) {
  const failing = entry.fetchError || ["refused", "failing"].includes(entry.push.state);
  return make("li", {},
    make("div", { class: "tile-head" }, make("h3", {}, entry.name), badge(entry.fetchError ? "cannot fetch" : words(entry.push.state), failing ? "bad" : entry.push.state === "idle" ? "" : "good")),
    facts([
      ["From", make("code", {}, entry.url)],
      ["Branch", make("span", {}, make("code", {}, entry.branch), entry.head ? [" at ", make("code", { title: entry.head }, short(entry.head))] : "")],
      ["Last fetch", when(entry.lastFetch)],
      ["Push", entry.push.text],
      ["Server says", entry.push.message],
      ["Images", entry.targets.toLocaleString("en")],
    ]),
    entry.fetchError ? make("p", { class: "error" }, entry.fetchError) : null);
}

/* Problems: what could not be used, or is of no use */

const SHOWN = 5;

const problem = ({ path, line, message }) => make("li", {}, make("code", {}, line ? `${path}:${line}` : path), " ", message);

/** Problems by where they are found; those of the configuration go first. */
function troubled(status) {
  const unused = status.config ? [{ name: "Configuration", total: status.config.unusedTotal, problems: status.config.unused }] : [];
  const found = status.repositories.map((entry) => ({ name: entry.name, total: entry.problemsTotal, problems: entry.problems }));
  return [...unused, ...found].filter(({ total }) => total > 0);
}

function trouble({ name, total, problems }) {
  const rest = problems.slice(SHOWN);
  const unnamed = total - problems.length;
  return make("li", {},
    make("div", { class: "tile-head" }, make("h3", {}, name), badge(plural(total, "problem"), "hold")),
    make("ul", { class: "problems" }, problems.slice(0, SHOWN).map(problem)),
    rest.length ? make("details", {},
      make("summary", {}, `and ${plural(rest.length + unnamed, "more", "more")}`),
      make("ul", { class: "problems" }, rest.map(problem),
        unnamed > 0 ? make("li", { class: "soft" }, `“tidemark explain” lists the other ${unnamed.toLocaleString("en")}.`) : null)) : null);
}

/* Why? */

function verdicts(detail) {
  if (!detail.verdicts) return make("p", { class: "soft" }, "There are no verdicts before its image has been scanned completely.");
  const { selection, counts, tags } = detail.verdicts;
  const body = make("tbody", {}, tags.map((tag) => make("tr", {},
    make("th", { scope: "row" }, make("span", { class: "mono" }, tag.tag)),
    make("td", { class: "plain" }, badge(words(tag.verdict), tag.verdict === "picked" ? "good" : tag.verdict === "best" ? "hold" : "")),
    make("td", { class: "plain" }, tag.reason))));
  const counted = Object.entries(counts).map(([verdict, count]) => `${count.toLocaleString("en")} ${words(verdict)}`).join(", ");
  return make("section", {},
    make("h3", {}, "What the policy says"),
    make("p", { class: "soft small" }, sentence(selection.text), " ", `Of ${plural(sum(counts), "tag")}: ${counted}.`),
    make("table", { class: "list" },
      make("caption", { class: "hidden" }, "The foremost tags with their verdicts"),
      make("thead", {}, make("tr", {}, ["Tag", "Verdict", "Why"].map((name) => make("th", { scope: "col" }, name)))),
      body));
}

/** Credentials that do not open the repository, each with its reason. */
const passed = (credentials) => credentials?.map(({ text, reason }) => `${text}: ${reason}`).join("; ");

function explain(detail) {
  return [
    make("p", {}, badge(words(detail.decision.reason), tone(detail.decision)), " ", sentence(detail.decision.text)),
    facts([
      ["Image", make("code", {}, detail.image)],
      ["Current", make("code", {}, detail.current)],
      ["Proposed", detail.decision.proposed ? make("code", {}, detail.decision.proposed) : null],
      ["Waits for", detail.decision.needs.map((need) => `${words(need.fact)} of ${need.tag}`).join(", ")],
      ["Policy", make("span", {}, detail.policyName ? `${detail.policyName}: ` : "", make("code", {}, detail.policy ?? "unreadable"))],
      ["Opted in by", detail.optedInBy.text],
      ["High-water mark", detail.highWater ? make("code", {}, detail.highWater) : null],
      ["Last change", detail.lastChange ? when(detail.lastChange) : null],
      ["Last scan", when(detail.scan?.lastCompleteScan)],
      ["List of tags", detail.scan?.list && detail.scan.list.standing !== "plausible" ? detail.scan.list.text : null],
      ["Scan failed", detail.scan?.lastError],
      ["Asked with", detail.scan?.credential?.text],
      ["Refused", passed(detail.scan?.refusedCredentials)],
      ["Passed by", passed(detail.scan?.skippedCredentials)],
      ["Next scan", detail.scan?.nextScan ? when(detail.scan.nextScan) : null],
      ["Written in", make("code", {}, `${detail.path}:${detail.line}:${detail.column}`)],
      ["Field", make("code", {}, detail.field)],
      ["Repository", detail.repository],
      ["Id", make("code", {}, detail.id)],
    ]),
    verdicts(detail),
    detail.problems.length ? make("section", {}, make("h3", {}, "Problems in this file"), make("ul", { class: "problems" }, detail.problems.map(problem))) : null,
  ].filter(Boolean);
}

async function why(id) {
  const target = targets.targets.find((target) => target.id === id);
  find("why-title").textContent = target?.workload ?? id;
  find("why-body").replaceChildren(make("p", { class: "soft" }, "Asking…"));
  if (!find("why").open) find("why").showModal();
  try {
    const detail = await read(`/api/v1/targets/${encodeURIComponent(id)}`);
    find("why-body").replaceChildren(...explain(detail));
  } catch (error) {
    find("why-body").replaceChildren(make("p", { class: "error" }, error.message));
  }
}

/* The loop */

/** What the daemon wants to be shown, if anything. It is kept nowhere else: a page that is loaded again asks again. */
let token = null;

/** The token that opened the page the last time. */
let accepted = null;

async function read(address) {
  const headers = { accept: "application/json" };
  if (token) headers.authorization = `Bearer ${token}`;
  const answer = await fetch(address, { headers, credentials: "omit", signal: AbortSignal.timeout(10000) });
  if (!answer.ok) {
    const problem = await answer.json().catch(() => null);
    const error = new Error(problem?.detail ?? `the server answered ${answer.status}`);
    error.status = answer.status;
    throw error;
  }
  return answer.json();
}

const WANTED = "This daemon answers those who have its token: what the file of http.auth.tokenFile holds.";
const WRONG = "This is not its token.";
const CHANGED = "Its token has been changed: the one that you have shown opens nothing any more.";

/** Says, where the token is entered, how it stands with it. */
function sayOfToken(text) {
  say("token-text", text);
  find("token-text").classList.toggle("wrong", text === WRONG || text === CHANGED);
}

/** Asks for another token than the one that was shown, and hides what that one may have opened. */
function ask(shown) {
  sayOfToken(shown === null ? WANTED : shown === accepted ? CHANGED : WRONG);
  say("headline", "Who is asking?");
  find("offline").hidden = true;
  find("why").close();
  document.body.classList.add("closed");
  if (find("token").hidden) {
    find("token").hidden = false;
    find("token-input").focus();
  }
}

/** Shows what a token, or none, has opened. Links show no token, so with one they lead nowhere. */
function unlock(shown) {
  accepted = shown;
  document.body.classList.remove("closed");
  find("foot").hidden = shown !== null;
  find("offline").hidden = true;
  const focused = find("token").contains(document.activeElement);
  find("token").hidden = true;
  if (focused) find("main").focus({ preventScroll: true });
}

function fail(error) {
  const closed = document.body.classList.contains("closed");
  const what = error.status ? "Tidemark shows nothing" : "No answer from Tidemark";
  say("offline", `${what} (${error.message}); trying again.${closed ? "" : " What stands below may be old."}`);
  find("offline").hidden = false;
  sayOfToken(WANTED);
}

function drawAll(status, hosts) {
  skew = Date.parse(status.now) - Date.now();
  find("about").replaceChildren(`version ${status.version}, started `, when(status.startedAt));
  say("headline", headline(status));
  draw("cards", status.summary, () => cards(status));
  const items = attention(status, hosts);
  find("attention-section").hidden = items.length === 0;
  draw("attention", items, () => items.map(({ title, text, mood, href }) =>
    make("li", { class: mood }, make("strong", {}, title), text ? make("span", {}, href ? make("a", { href }, text) : text) : null)));
  const found = troubled(status);
  find("problems-section").hidden = found.length === 0;
  draw("problems", found, () => found.map(trouble));
  draw("commits", status.commits, () => (status.commits.length ? status.commits.map(commit) : empty("None since the start.")));
  draw("registries", hosts, () => (hosts.length ? hosts.map(registry) : empty("None in use.")));
  draw("repositories", status.repositories, () => (status.repositories.length ? status.repositories.map(repository) : empty("None configured: Tidemark only watches.")));
  drawTargets();
}

async function refresh() {
  const shown = token;
  try {
    // First alone: who is not let in is told so once.
    const status = await read("/api/v1/status");
    const [hosts, places] = await Promise.all([read("/api/v1/registries"), read(`/api/v1/targets?limit=${TARGETS}`)]);
    targets = places;
    drawAll(status, hosts.registries);
    unlock(shown);
  } catch (error) {
    if (shown !== token) return; // Another one has been entered meanwhile.
    if (error.status === 401) ask(shown);
    else fail(error);
  }
  tick();
}

let wake = () => {};

async function keepFresh() {
  for (;;) {
    // Made before, so that who wakes it while it asks is not forgotten.
    const woken = new Promise((resolve) => { wake = resolve; });
    if (!document.hidden) await refresh();
    await Promise.race([woken, new Promise((resolve) => setTimeout(resolve, REFRESH_MS))]);
  }
}

find("token").addEventListener("submit", (event) => {
  event.preventDefault();
  token = find("token-input").value.trim();
  find("token-input").value = "";
  sayOfToken("Asking…");
  wake();
});
document.addEventListener("visibilitychange", () => wake());
find("filter").addEventListener("input", drawTargets);
find("targets").addEventListener("click", (event) => {
  const id = event.target.closest("button.workload")?.dataset.id;
  if (id) why(id);
});
find("why-close").addEventListener("click", () => find("why").close());
find("why").addEventListener("click", (event) => { if (event.target === find("why")) find("why").close(); });
keepFresh();
