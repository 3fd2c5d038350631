// Draws the pages from the API. All text goes in as text: names, messages and logs are hostile, and there is no other way
// to put something on a page here than `element`.

const api = "/api/v1";
const main = document.getElementById("main");
const news = document.getElementById("news");

const turning = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

// Marks that turn the direction of all that follows have no say here: not in what people wrote, nor in what stands behind it.
function straight(text) {
  return typeof text === "string" ? text.replace(turning, "\ufffd") : text;
}

function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") {
      for (const [event, handler] of Object.entries(value)) node.addEventListener(event, handler);
    } else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, name === "title" ? straight(value) : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== "").map(straight));
  return node;
}

// Who stands on a link or a button with the keyboard still does when the page is drawn anew.
function show(...nodes) {
  const mark = (node) => node.getAttribute("href") ?? node.title + node.textContent;
  const focused = document.activeElement?.matches("main a, main button") ? mark(document.activeElement) : null;
  main.replaceChildren(...nodes.flat().filter(Boolean));
  if (focused === null) return;
  [...main.querySelectorAll("a, button")].find((node) => mark(node) === focused)?.focus({ preventScroll: true });
}

// Requests

class Problem extends Error {
  constructor(view) {
    super(view.message);
    this.remedy = view.remedy;
  }
}

async function ask(path, options = {}) {
  const response = await fetch(api + path, { cache: "no-store", ...options });
  if (response.ok || response.status === 304) return response;
  let view = { message: `the server answered ${response.status}`, remedy: "try again in a moment" };
  try {
    view = await response.json();
  } catch {
    // Something between us and the server answered in its stead.
  }
  throw Object.assign(new Problem(view), { status: response.status });
}

async function get(path) {
  return (await ask(path)).json();
}

function post(path, body, method = "POST") {
  return ask(path, { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body ?? {}) });
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function visible() {
  if (!document.hidden) return Promise.resolve();
  return new Promise((resolve) => {
    document.addEventListener("visibilitychange", function seen() {
      if (document.hidden) return;
      document.removeEventListener("visibilitychange", seen);
      resolve();
    });
  });
}

function problem(error) {
  return element("div", { class: "problem", role: "alert" },
    element("strong", {}, error.message || String(error)),
    error.remedy ? element("div", { class: "quiet" }, error.remedy) : null);
}

// Does the work of a button, and says below the heading what went wrong.
function acting(button, work) {
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      await work();
    } catch (error) {
      document.querySelectorAll(".problem").forEach((old) => old.remove());
      main.querySelector(".head").after(problem(error));
    }
    button.disabled = false;
  });
  return button;
}

// Words

const words = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });

function moment(text) {
  if (!text) return element("span", { class: "quiet" }, "–");
  const date = new Date(text);
  const seconds = (date - Date.now()) / 1000;
  const units = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
  const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) ?? ["second", 1];
  return element("time", { datetime: text, title: date.toLocaleString() }, words.format(Math.round(seconds / size), unit));
}

function lasted(from, to) {
  if (!from) return "";
  const seconds = Math.max(0, (to ? new Date(to) : Date.now()) - new Date(from)) / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} m ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} m`;
}

function size(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  if (bytes < 1e9) return `${(bytes / 1e6).toFixed(1)} MB`;
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

const verdicts = new Set([
  "succeeded", "failed", "errored", "cancelled", "timed-out", "skipped", "running", "waiting", "queued", "none",
]);

function verdict(word, label = word, large = false) {
  const kind = verdicts.has(word) ? word : "none";
  const title = typeof label === "string" ? label : null;
  return element("span", { class: `verdict ${kind}${large ? " large" : ""}`, title }, label);
}

// The page's frame

function trail(...steps) {
  const nodes = steps.flatMap(([label, address], index) => [
    element("i", { "aria-hidden": "true" }, "/"),
    index === steps.length - 1
      ? element("span", { "aria-current": "page" }, label) : element("a", { href: address }, label),
  ]);
  document.getElementById("trail").replaceChildren(...nodes);
  document.title = [...steps.map(([label]) => label).reverse(), "DistCI"].join(" · ");
}

function table(headings, rows, empty) {
  if (rows.length === 0) return element("div", { class: "card empty" }, empty);
  return element("div", { class: "card" }, element("table", {},
    element("thead", {}, element("tr", {}, headings.map(([label, kind]) => element("th", { scope: "col", class: kind }, label)))),
    element("tbody", {}, rows)));
}

// Draws again and again while somebody looks.
async function repeating(every, draw) {
  while (true) {
    await visible();
    try {
      await draw();
      document.querySelectorAll(".problem.lost").forEach((old) => old.remove());
    } catch (error) {
      if (!main.querySelector(".head")) show(element("div", { class: "head" }, element("h1", {}, "DistCI")));
      if (!main.querySelector(".problem")) {
        const note = problem(error);
        note.classList.add("lost");
        main.querySelector(".head").after(note);
      }
    }
    await pause(every);
  }
}

// Jobs

async function jobsPage() {
  trail();
  let last = "";
  await repeating(4000, async () => {
    const [jobs, pulls] = await Promise.all([get("/jobs?limit=1000"), get("/pull-requests")]);
    const text = JSON.stringify([jobs, pulls]) + Math.floor(Date.now() / 30000);
    if (text === last) return;
    last = text;
    const rows = jobs.map((job) => element("tr", {},
      element("td", { class: "fit" }, job.latest ? verdict(job.latest.verdict ?? "running") : verdict("none", "no builds")),
      element("td", { class: "name" }, element("a", { href: `/jobs/${job.job}` }, job.job),
        job.paused ? element("small", {}, pauseText(job.paused)) : null,
        job.description ? element("small", {}, job.description) : null),
      element("td", { class: "fit" }, job.latest
        ? element("a", { href: `/jobs/${job.job}/builds/${job.latest.build}` }, `#${job.latest.build}`) : ""),
      element("td", { class: "fit quiet wide" }, job.latest?.event ?? ""),
      element("td", { class: "num wide" }, job.latest ? lasted(job.latest.requested, job.latest.finished) : ""),
      element("td", { class: "num quiet" }, job.latest ? moment(job.latest.requested) : "")));
    const headings = [
      ["Latest", "fit"], ["Job", ""], ["Build", "fit"], ["Started by", "fit wide"], ["Took", "num wide"], ["When", "num"],
    ];
    show(
      element("div", { class: "head" }, element("h1", {}, "Jobs"), element("span", { class: "quiet" }, String(jobs.length))),
      element("p", { class: "lead" }, ""),
      // Above the jobs: somebody has to act.
      pulls.length === 0 ? null : [...pullsTable(pulls, () => { last = ""; }), element("h2", {}, "All jobs")],
      table(headings, rows, ["No jobs yet. Apply one with ", element("code", { class: "mono" }, "distci job apply FILE"), "."]));
  });
}

// Pull requests from forks: nothing of them runs before somebody has approved the very commit that the button names.
function pullsTable(pulls, redraw) {
  const rows = pulls.map((pull) => element("tr", {},
    element("td", { class: "name" }, `${pull.repository}#${pull.number}`, element("small", {}, `${pull.branch} into ${pull.base}`)),
    element("td", { class: "num quiet wide" }, moment(pull.since)),
    element("td", { class: "num" }, acting(
      element("button", { class: "main", type: "button", title: pull.commit }, `Approve ${pull.commit.slice(0, 10)}`), async () => {
        if (!confirm(`Run what ${pull.repository}#${pull.number} has at ${pull.commit}?`)) return;
        await post(`/pull-requests/${pull.repository.split("/").map(encodeURIComponent).join("/")}/${pull.number}/approve`,
          { commit: pull.commit, by: "page" });
        redraw();
      }))));
  return [element("h2", {}, "Pull requests to approve"),
    table([["Request", ""], ["Since", "num wide"], ["", "num"]], rows, "None.")];
}

// One job

function pauseText(pause) {
  return `Paused by ${pause.by}${pause.reason ? `: ${pause.reason}` : ""}`;
}

// Says that something is paused, or lets somebody pause it.
function drawPause(place, what, path, paused, redraw) {
  if (paused) {
    const resume = acting(element("button", { type: "button" }, "Resume"), async () => {
      await ask(path, { method: "DELETE" });
      redraw();
    });
    place.replaceChildren(element("div", { class: "card form" }, element("div", { class: "row" },
      element("span", {}, pauseText(paused), " · ", moment(paused.since)), element("span", { class: "grow" }), resume)));
    return;
  }
  const reason = element("input", { type: "text", placeholder: "Why", "aria-label": `Why the ${what} is paused`, maxlength: "300" });
  const button = acting(element("button", { type: "button" }, "Pause"), async () => {
    await post(path, { by: "page", reason: reason.value }, "PUT");
    redraw();
  });
  place.replaceChildren(element("details", {}, element("summary", { class: "quiet" }, `Pause this ${what}`),
    element("div", { class: "card form" }, element("div", { class: "row" }, reason, button))));
}

// Says what starts builds as time goes by.
function drawClocks(place, view) {
  const schedules = (view.schedules ?? []).map((schedule) => element("li", {},
    element("b", { class: "mono" }, schedule.cron), ` ${schedule.timezone} · next build `,
    schedule.next ? moment(schedule.next) : "never",
    schedule.error ? element("small", {}, schedule.error) : null));
  const polls = (view.polls ?? []).map((poll) => element("li", {},
    "Looks at ", element("b", { class: "mono" }, poll.repository), " again ", moment(poll.next),
    poll.looked ? [", last seen ", moment(poll.looked)] : ", not seen yet",
    poll.failures > 0 ? `, failed ${poll.failures} times` : null,
    poll.error ? element("small", {}, poll.error) : null));
  const all = [...schedules, ...polls];
  place.replaceChildren(...(all.length ? [element("ul", { class: "clocks quiet" }, all)] : []));
}

// Says where the job's file is kept, if nobody applied it by hand.
function drawKept(view) {
  if (view.reads) return element("p", { class: "quiet" }, "Reads the job files of ", element("b", { class: "mono" }, view.reads));
  const kept = view.kept;
  if (!kept) return null;
  return element("p", { class: "quiet" }, "Kept in ", element("b", { class: "mono" }, kept.repository), ": ",
    element("span", { class: "mono" }, kept.file), " at ",
    element("span", { class: "mono", title: kept.commit }, kept.commit.slice(0, 10)), kept.branch ? ` of ${kept.branch}` : null,
    ", read by ", buildLink(kept.reader), kept.defined ? null : "; not on the default branch, so that only pushes start it");
}

async function jobPage(job) {
  trail([job, `/jobs/${job}`]);
  const older = [];
  const [view, file] = await Promise.all([get(`/jobs/${job}`), get(`/jobs/${job}/file`)]);
  const place = element("div");
  const form = element("div");
  const pausing = element("div");
  const clocks = element("div");
  const start = element("button", { class: "main", type: "button" }, "Start build");
  const parameters = file.parameters ?? [];
  if (parameters.length === 0) acting(start, () => startBuild(job, {}));
  else {
    start.setAttribute("aria-expanded", "false");
    start.addEventListener("click", () => {
      const open = form.childElementCount === 0;
      start.setAttribute("aria-expanded", String(open));
      form.replaceChildren(...(open ? [parameterForm(job, parameters)] : []));
      form.querySelector("input, select")?.focus();
    });
  }
  show(
    element("div", { class: "head" }, element("h1", {}, job), element("span", { class: "grow" }), start),
    element("p", { class: "lead" }, view.description || ""), drawKept(view), form, clocks, pausing, place);
  let last = "";
  let shown = null;
  const drawState = async () => {
    const now = await get(`/jobs/${job}`);
    drawClocks(clocks, now);
    const paused = now.paused;
    const key = JSON.stringify(paused ?? null);
    if (key === shown) return;
    shown = key;
    drawPause(pausing, "job", `/jobs/${job}/pause`, paused, drawState);
  };
  await repeating(3000, async () => {
    await drawState();
    const builds = await get(`/jobs/${job}/builds?limit=50`);
    const text = JSON.stringify([builds, older.length]) + Math.floor(Date.now() / 15000);
    if (text === last) return;
    last = text;
    const all = [...builds, ...older.filter((old) => !builds.some((build) => build.build === old.build))];
    drawBuilds(job, place, all, older, () => { last = ""; });
  });
}

function drawBuilds(job, place, builds, older, redraw) {
  const rows = builds.map((build) => element("tr", {},
    element("td", { class: "fit" }, verdict(build.verdict ?? "running")),
    element("td", { class: "name" }, element("a", { href: `/jobs/${job}/builds/${build.build}` }, `#${build.build}`)),
    element("td", { class: "quiet wide" }, build.event),
    element("td", { class: "num" }, lasted(build.requested, build.finished)),
    element("td", { class: "num quiet" }, moment(build.requested))));
  const headings = [["Verdict", "fit"], ["Build", ""], ["Started by", "wide"], ["Took", "num"], ["When", "num"]];
  const list = table(headings, rows, "No builds yet.");
  const first = builds.at(-1)?.build ?? 1;
  if (first > 1) {
    const more = acting(element("button", { class: "more", type: "button" }, "Older builds"), async () => {
      older.push(...await get(`/jobs/${job}/builds?limit=50&before=${first}`));
      redraw();
      drawBuilds(job, place, [...builds, ...older.filter((old) => !builds.some((known) => known.build === old.build))], older, redraw);
    });
    list.append(more);
  }
  place.replaceChildren(list);
}

async function startBuild(job, parameters) {
  const build = await (await post(`/jobs/${job}/builds`, { parameters, by: "page" })).json();
  location.assign(`/jobs/${build.job}/builds/${build.build}`);
}

function parameterForm(job, parameters) {
  const fields = parameters.map((parameter) => {
    const value = parameter.default;
    let input;
    if (parameter.type === "choice") {
      input = element("select", {}, parameter.choices.map((choice) => element("option", { selected: choice === value, value: choice }, choice)));
    } else if (parameter.type === "boolean") input = element("input", { type: "checkbox", checked: value === true });
    else {
      const type = parameter.type === "integer" ? "number" : "text";
      input = element("input", { type, step: type === "number" ? "1" : null, value: value ?? "", required: value === undefined });
    }
    const label = parameter.type === "boolean"
      ? element("label", { class: "check" }, input, parameter.name) : element("label", {}, parameter.name, input);
    const read = () => (input.type === "checkbox" ? String(input.checked) : input.value);
    return { name: parameter.name, label, read };
  });
  const form = element("form", { class: "card form" }, fields.map((field) => field.label));
  const button = acting(element("button", { class: "main", type: "button" }, "Start"), async () => {
    if (!form.reportValidity()) return;
    await startBuild(job, Object.fromEntries(fields.map((field) => [field.name, field.read()])));
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    button.click();
  });
  form.append(element("div", { class: "row" }, button));
  return form;
}

// One build

async function buildPage(job, number) {
  const path = `/jobs/${job}/builds/${number}`;
  trail([job, `/jobs/${job}`], [`#${number}`, path]);
  const head = element("div", { class: "head" });
  const facts = element("dl", { class: "facts" });
  const tasks = element("ul", { class: "tasks" });
  const artifacts = element("div");
  const notes = element("div");
  const gates = element("div");
  const log = logView(path);
  show(head, facts, gates, notes, element("div", { class: "split" },
    element("div", {}, element("section", { class: "card", "aria-label": "Tasks" }, tasks), artifacts), log.node));
  let chosen = new URLSearchParams(location.hash.slice(1)).get("task");
  let current = null;
  let reasons = new Map();
  const choose = (task) => {
    chosen = task;
    history.replaceState(null, "", task ? `#task=${encodeURIComponent(task)}` : location.pathname);
    drawTasks(tasks, current, chosen, choose, reasons);
    log.open(task);
  };
  const draw = (build) => {
    current = build;
    drawHead(head, build);
    drawFacts(facts, build);
    drawGates(gates, build);
    drawTasks(tasks, build, chosen, choose, reasons);
    const whole = build.verdict ? null : reasons.get(null);
    notes.replaceChildren(...(whole ? [element("p", { role: "status" }, whole)] : []), ...build.notes.map((note) => element("p", { class: "quiet" }, note)));
  };
  // Asks why what waits does so. Places in queues move without the build: so it is asked again now and then.
  const explain = async (build) => {
    if (build.verdict || !build.tasks.some((task) => ["waiting", "resting", "queued"].includes(task.status))) {
      reasons = new Map();
      return;
    }
    const explanation = await get(`${path}/explanation`);
    const waiting = explanation.tasks.filter((task) => task.reason.code !== "running");
    reasons = new Map(waiting.map((task) => [task.task, task.reason.message]));
    if (explanation.reason) reasons.set(null, explanation.reason.message);
  };
  log.open(chosen);
  setInterval(async () => {
    if (!current || current.verdict || document.hidden) return;
    try {
      await explain(current);
    } catch {
      // Following the build says what is wrong, if it lasts.
    }
  }, 15000);
  setInterval(() => { if (current && !current.verdict && !document.hidden) draw(current); }, 1000);
  const following = followBuild(path, async (build) => {
    const ended = current && !current.verdict && build.verdict;
    await explain(build);
    draw(build);
    if (ended) news.textContent = `Build ${build.job} ${build.build}: ${build.verdict}`;
    if (build.tasks.some((task) => task.attempts.some((attempt) => attempt.artifacts > 0))) {
      drawArtifacts(artifacts, path, await get(`${path}/artifacts`));
    }
  });
  try {
    await following;
  } catch (error) {
    log.close();
    throw error;
  }
}

// Calls `draw` with the build and each of its newer states until it has ended.
async function followBuild(path, draw) {
  let tag = null;
  while (true) {
    await visible();
    try {
      const response = await ask(tag ? `${path}?wait=20` : path, { headers: tag ? { "If-None-Match": tag } : {} });
      if (response.status !== 304) {
        tag = response.headers.get("ETag");
        const build = await response.json();
        document.querySelectorAll(".problem.lost").forEach((old) => old.remove());
        await draw(build);
        if (build.verdict) return;
      }
    } catch (error) {
      // There is none; of one that was there, something else is missing for a moment.
      if (error.status === 404 && !tag) throw error;
      if (!main.querySelector(".problem")) {
        const note = problem(error);
        note.classList.add("lost");
        main.querySelector(".head").after(note);
      }
      await pause(2000);
    }
  }
}

function drawHead(head, build) {
  const state = build.verdict ?? "running";
  const key = `${state} ${build.cancelledBy ?? ""}`;
  if (head.dataset.key === key) return;
  head.dataset.key = key;
  const again = acting(element("button", { type: "button" }, "Start again"), () => startBuild(build.job, build.parameters));
  const cancel = acting(element("button", { type: "button", class: "danger" }, "Cancel"), () =>
    post(`/jobs/${build.job}/builds/${build.build}/cancel`, { by: "page" }));
  const retry = acting(element("button", { type: "button" }, "Retry what failed"), async () => {
    const response = await post(`/jobs/${build.job}/builds/${build.build}/retry`, { scope: "failed", by: "page" });
    const next = await response.json();
    location.assign(`/jobs/${next.job}/builds/${next.build}`);
  });
  head.replaceChildren(
    element("h1", {}, `${build.job} #${build.build}`), verdict(state, state, true), element("span", { class: "grow" }),
    ...(build.verdict && build.verdict !== "succeeded" ? [retry] : []),
    build.verdict ? again : build.cancelledBy ? element("span", { class: "quiet" }, "Cancelling…") : cancel);
}

// The tasks that somebody has to approve. To reject is to cancel the build.
function drawGates(place, build) {
  const waiting = build.tasks.filter((task) => task.deploy?.status === "unapproved" && !task.deploy.approvedBy);
  const key = JSON.stringify(waiting.map((task) => task.name));
  if (place.dataset.key === key) return;
  place.dataset.key = key;
  place.replaceChildren(...waiting.map((task) => element("div", { class: "card form" }, element("div", { class: "row" },
    element("span", {}, `${task.name} waits for approval to deploy to `,
      element("a", { href: `/environments/${task.deploy.environment}` }, task.deploy.environment)),
    element("span", { class: "grow" }),
    approveButton({ job: build.job, build: build.build, task: task.name }, () => {})))));
}

function drawFacts(facts, build) {
  const cause = build.cause;
  const before = [cause.build, ...(cause.together ?? [])].filter(Boolean);
  const started = cause.environment
    ? element("span", {}, `rollback of ${cause.environment} to `, buildLink(cause.build), ` by ${cause.by}`)
    : before.length === 0 ? cause.event + (cause.by ? ` of ${cause.by}` : "")
    : element("span", {}, cause.event === "retry" ? `${cause.by} retrying ` : "",
      before.flatMap((one, index) => [index ? ", " : null, buildLink(one)]));
  const entries = [
    ["Started by", started],
    cause.scheduled && ["Scheduled", moment(cause.scheduled)],
    cause.repository && ["Repository", cause.repository],
    cause.pullRequest && ["Pull request", pullText(cause.pullRequest)],
    cause.ref && !cause.pullRequest && ["Ref", cause.ref.replace(/^refs\/(heads|tags)\//, "")],
    cause.commit && ["Commit", element("span", { class: "mono", title: cause.commit }, cause.commit.slice(0, 10))],
    ["Requested", moment(build.requested)],
    build.started && ["Took", lasted(build.started, build.finished)],
    build.cancelledBy && ["Cancelled by", build.cancelledBy],
    ...Object.entries(build.parameters).map(([name, value]) => [name, element("span", { class: "mono" }, value)]),
    build.startedBuilds.length > 0 && ["Then", element("span", {}, build.startedBuilds.flatMap((next, index) => [
      index ? ", " : null, element("a", { href: `/jobs/${next.job}/builds/${next.build}` }, `${next.job} #${next.build}`),
    ]))],
  ].filter(Boolean);
  facts.replaceChildren(...entries.map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value))));
}

function drawTasks(list, build, chosen, choose, reasons) {
  if (!build) return;
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.task : null;
  const entry = (name, content) => element("li", {}, element("button", {
    type: "button", "data-task": name ?? "", "aria-pressed": String(chosen === name), on: { click: () => choose(name) },
  }, content));
  const rows = build.tasks.map((task) => {
    const attempt = task.attempts.at(-1);
    const state = task.verdict ?? task.status;
    const line = verdict(state, element("b", {}, task.name));
    line.setAttribute("title", state);
    const details = [
      state, task.type, attempt?.worker && `on ${attempt.worker}`, task.attempts.length > 1 && `attempt ${attempt.number}`,
      task.nextAttempt && `again at ${new Date(task.nextAttempt).toLocaleTimeString()}`,
      task.status === "queued" && task.labels.length > 0 && `wants ${task.labels.join(", ")}`,
      ["waiting", "resting", "queued"].includes(task.status) ? reasons.get(task.name) : null, task.reason,
      task.deploy && `deploys to ${task.deploy.environment}`, task.deploy?.approvedBy && `approved by ${task.deploy.approvedBy}`,
    ].filter(Boolean).join(" · ");
    return entry(task.name, [
      line, element("span", { class: "num" }, attempt ? lasted(attempt.started, attempt.finished) : ""),
      element("small", {}, details),
    ]);
  });
  list.replaceChildren(entry(null, [element("b", {}, "All tasks"), element("span", { class: "num" }, String(build.tasks.length))]), ...rows);
  if (focused !== null) list.querySelectorAll("button").forEach((button) => { if (button.dataset.task === focused) button.focus({ preventScroll: true }); });
}

function drawArtifacts(place, path, artifacts) {
  if (artifacts.length === 0) return;
  const rows = artifacts.map((artifact) => element("tr", {},
    element("td", { class: "name" }, artifact.expired ? element("s", { class: "quiet" }, artifact.path) : element("a", {
      href: `${api}${path}/artifacts/${artifact.path.split("/").map(encodeURIComponent).join("/")}`, download: true,
      title: `SHA-256 ${artifact.sha256}`,
    }, artifact.path), artifact.expired ? element("small", {}, `expired ${new Date(artifact.expired).toLocaleString()}`)
      : artifact.expires ? element("small", {}, `kept until ${new Date(artifact.expires).toLocaleString()}`) : null),
    element("td", { class: "num quiet" }, size(artifact.size))));
  place.replaceChildren(element("h2", {}, "Artifacts"), element("div", { class: "card" }, element("table", {}, element("tbody", {}, rows))));
}

// Logs

const mostLines = 20000;
const longestLine = 16384;

// What a terminal would have made of it, as plain text: no escape sequence, no control or direction character is left.
function plain(line) {
  const text = line
    .replace(/\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?/g, "")
    .replace(/[\u001b\u009b][[\]()#;?]*(?:\d{1,4}(?:[;:]\d{0,4})*)?[\x40-\x7e]?/g, "")
    .replace(/\r+$/, "");
  const shown = text.slice(text.lastIndexOf("\r") + 1);
  return shown.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "")
    .replace(turning, "\ufffd");
}

function logView(path) {
  const title = element("b", {}, "Log");
  const state = element("span", { class: "quiet" });
  const raw = element("a", { target: "_blank", rel: "noopener" }, "Raw");
  const text = element("pre", { tabindex: "0", role: "log", "aria-label": "Log", "aria-live": "off" });
  const node = element("section", { class: "card log" },
    element("header", {}, title, state, element("span", { class: "grow" }), raw), text);
  let reading = null;

  const open = (task) => {
    reading?.abort();
    reading = new AbortController();
    title.textContent = task ?? "All tasks";
    const source = task ? `${path}/tasks/${encodeURIComponent(task)}/log` : `${path}/log`;
    raw.setAttribute("href", api + source);
    text.replaceChildren();
    followLog(source, logLines(text), state, reading.signal);
  };
  return { node, open, close: () => reading?.abort() };
}

// Appends lines; the last one may still grow.
function logLines(place) {
  let number = 0;
  let pending = "";
  let tail = null;
  let left = 0;
  const note = element("div", { class: "note" });

  const line = (content) => {
    number += 1;
    const kind = content.startsWith("==> ") ? "heading" : content.startsWith("--- ") ? "remark" : null;
    return element("div", { "data-n": String(number), class: kind }, element("span", {}, content));
  };
  const trim = () => {
    while (place.childElementCount > mostLines) {
      (place.firstElementChild === note ? note.nextElementSibling : place.firstElementChild).remove();
      left += 1;
    }
    if (left === 0) return;
    note.textContent = `${left} earlier lines are left out here; see the raw log`;
    if (place.firstElementChild !== note) place.prepend(note);
  };
  return {
    add(chunk) {
      const follows = place.scrollHeight - place.scrollTop - place.clientHeight < 40;
      pending += chunk;
      const lines = pending.split("\n");
      pending = lines.pop();
      if (pending.length > longestLine) {
        lines.push(pending);
        pending = "";
      }
      if (tail) {
        tail.remove();
        tail = null;
        number -= 1;
      }
      const start = Math.max(0, lines.length - mostLines);
      left += start;
      number += start;
      place.append(...lines.slice(start).map((content) => line(plain(content))));
      if (pending) {
        tail = line(plain(pending));
        place.append(tail);
      }
      trim();
      if (follows) place.scrollTop = place.scrollHeight;
    },
    get isEmpty() { return number === 0; },
  };
}

// Follows a log to its end; goes on where it stopped when the connection is lost, or the page was hidden.
async function followLog(source, lines, state, signal) {
  let offset = 0;
  let decoder = new TextDecoder();
  while (!signal.aborted) {
    await visible();
    const request = new AbortController();
    const stop = () => request.abort();
    const hide = () => { if (document.hidden) request.abort(); };
    signal.addEventListener("abort", stop);
    document.addEventListener("visibilitychange", hide);
    try {
      state.textContent = "live";
      const response = await ask(`${source}?follow&offset=${offset}`, { signal: request.signal });
      const reader = response.body.getReader();
      while (true) {
        const { done, value } = await reader.read();
        if (done) break;
        if (signal.aborted) return;
        offset += value.length;
        lines.add(decoder.decode(value, { stream: true }));
      }
      state.textContent = lines.isEmpty ? "no output" : "complete";
      return;
    } catch (error) {
      if (signal.aborted) return;
      state.textContent = error instanceof Problem ? error.message : "reconnecting…";
      if (!document.hidden) await pause(1000);
    } finally {
      signal.removeEventListener("abort", stop);
      document.removeEventListener("visibilitychange", hide);
    }
  }
}

// Workers and queue

async function workersPage() {
  trail(["Workers", "/workers"]);
  await repeating(3000, async () => {
    const [workers, queue, scale, pools] = await Promise.all(
      [get("/workers"), get("/queue?limit=200"), get("/scale"), get("/pools")]);
    const rows = workers.map((worker) => element("tr", {},
      element("td", { class: "name" }, worker.host, element("small", { class: "mono" },
        [worker.worker, `pid ${worker.process}`, worker.seat && `seat ${worker.seat}`].filter(Boolean).join(" · "))),
      element("td", {}, Object.entries(worker.slots).map(([kind, count]) => `${kind} × ${count}`).join(", ")),
      element("td", { class: "wide" }, worker.labels.join(", ")),
      element("td", {}, worker.busy.length === 0
        ? element("span", { class: "quiet" }, worker.draining ? "draining" : "idle")
        : worker.busy.map((slot) => element("div", {}, `${slot.kind} `,
          element("a", { href: `/jobs/${slot.job}/builds/${slot.build}` }, `${slot.job} #${slot.build}`)))),
      element("td", { class: "num quiet wide" }, moment(worker.started))));
    const tickets = queue.map((ticket) => element("tr", {},
      element("td", { class: "name" }, element("a", { href: `/jobs/${ticket.job}/builds/${ticket.build}` }, `${ticket.job} #${ticket.build}`)),
      element("td", {}, ticket.kind),
      element("td", { class: "wide" }, ticket.labels.join(", ")),
      element("td", { class: "num quiet" }, moment(ticket.posted))));
    const scaled = scale.filter((entry) => entry.wanted > 0 || entry.running > 0 || entry.automatic).map((entry) =>
      element("tr", {},
        element("td", { class: "name" }, entry.kind),
        element("td", {}, entry.labels.join(", ")),
        element("td", { class: "num" }, `${entry.wanted}`,
          entry.automatic ? element("small", {}, `${entry.automatic.min} to ${entry.automatic.max}`) : ""),
        element("td", { class: "num" }, `${entry.running}`),
        element("td", { class: "num" }, `${entry.waiting}`)));
    const hosts = pools.map((pool) => element("tr", {},
      element("td", { class: "name" }, pool.host, element("small", { class: "mono" }, `${pool.pool} · pid ${pool.process}`)),
      element("td", { class: "wide" }, pool.labels.join(", ")),
      element("td", { class: "num" }, `${pool.running} of ${pool.capacity}`),
      element("td", { class: "num quiet wide" }, moment(pool.started))));
    const busy = workers.reduce((sum, worker) => sum + worker.busy.length, 0);
    show(
      element("div", { class: "head" }, element("h1", {}, "Workers"), element("span", { class: "quiet" }, `${workers.length}, ${busy} slots busy`)),
      element("p", { class: "lead" }, ""),
      table([["Host", ""], ["Slots", ""], ["Labels", "wide"], ["Now", ""], ["Since", "num wide"]], rows,
        ["No worker is alive. Start one with ", element("code", { class: "mono" }, "distci worker"), "."]),
      element("h2", {}, "Scale"),
      table([["Kind", ""], ["Labels", ""], ["Wanted", "num"], ["Running", "num"], ["Waiting", "num"]], scaled,
        ["No number of slots is set. Set one with ", element("code", { class: "mono" }, "distci scale"), "."]),
      element("h2", {}, "Pools"),
      table([["Host", ""], ["Labels", "wide"], ["Slots", "num"], ["Since", "num wide"]], hosts,
        ["No pool is alive. Start one with ", element("code", { class: "mono" }, "distci worker pool"), "."]),
      element("h2", {}, "Queue"),
      table([["Build", ""], ["Waits for", ""], ["Labels", "wide"], ["Since", "num"]], tickets, "Nothing waits."));
  });
}

// Environments

const buildLink = (build) => element("a", { href: `/jobs/${build.job}/builds/${build.build}` }, `${build.job} #${build.build}`);

const commitText = (commit) => commit ? element("span", { class: "mono", title: commit }, commit.slice(0, 10)) : "";

// What started a build, in words.
function causeText(cause) {
  if (cause.environment) return ["rollback to ", buildLink(cause.build), ` by ${cause.by}`];
  if (cause.pullRequest) return [`${cause.repository}${pullText(cause.pullRequest)}`];
  if (cause.build) {
    return [cause.event === "retry" ? "retry of " : "after ", buildLink(cause.build), cause.by ? ` by ${cause.by}` : ""];
  }
  if (cause.by) return [`${cause.event} of ${cause.by}`];
  return [cause.ref ? `${cause.event} of ${cause.ref.replace(/^refs\/(heads|tags)\//, "")}` : cause.event];
}

// What is to be merged, in words.
function pullText(pull) {
  const fork = pull.fork ? `, from a fork, approved by ${pull.approvedBy ?? "nobody"}` : "";
  return `#${pull.number}, ${pull.branch} into ${pull.base}${fork}`;
}

function approveButton(task, redraw) {
  return acting(element("button", { class: "main", type: "button" }, "Approve"), async () => {
    await post(`/jobs/${task.job}/builds/${task.build}/tasks/${encodeURIComponent(task.task)}/approve`, { by: "page" });
    redraw();
  });
}

async function environmentsPage() {
  trail(["Environments", "/environments"]);
  await repeating(3000, async () => {
    const environments = await get("/environments");
    const rows = environments.map((view) => element("tr", {},
      element("td", { class: "name" }, element("a", { href: `/environments/${view.environment}` }, view.environment),
        view.paused ? element("small", {}, pauseText(view.paused)) : null),
      element("td", {}, view.live ? buildLink(view.live) : element("span", { class: "quiet" }, "nothing yet")),
      element("td", { class: "wide" }, commitText(view.live?.commit)),
      element("td", {}, view.holder ? buildLink(view.holder) : ""),
      element("td", { class: "num wide" }, String(view.waiting.length)),
      element("td", { class: "num" }, String(view.unapproved.length)),
      element("td", { class: "num quiet wide" }, view.live ? moment(view.live.since) : "")));
    const headings = [
      ["Environment", ""], ["Live", ""], ["Commit", "wide"], ["Deploying", ""], ["Waiting", "num wide"], ["To approve", "num"],
      ["Since", "num wide"],
    ];
    show(
      element("div", { class: "head" }, element("h1", {}, "Environments"), element("span", { class: "quiet" }, String(environments.length))),
      element("p", { class: "lead" }, ""),
      table(headings, rows, ["Nothing was deployed yet. A task deploys with ", element("code", { class: "mono" }, "\"deploy\": {\"environment\": \"stage\"}"), "."]));
  });
}

async function environmentPage(name) {
  const path = `/environments/${name}`;
  trail(["Environments", "/environments"], [name, path]);
  const pausing = element("div");
  const waiting = element("div");
  const deployed = element("div");
  const live = element("p", { class: "lead" });
  show(element("div", { class: "head" }, element("h1", {}, name)), live, pausing, waiting, deployed);
  let last = "";
  let pauseKey = null;
  const draw = async () => {
    const view = await get(`${path}?limit=50`);
    const key = JSON.stringify(view.paused ?? null);
    if (key !== pauseKey) drawPause(pausing, "environment", `${path}/pause`, view.paused, draw);
    pauseKey = key;
    const text = JSON.stringify(view) + Math.floor(Date.now() / 15000);
    if (text === last) return;
    last = text;
    live.replaceChildren(...(view.live ? ["Live: ", buildLink(view.live), " · ", moment(view.live.since)] : ["Nothing was deployed yet."]));
    const task = (entry, state, button) => element("tr", {},
      element("td", { class: "fit" }, state),
      element("td", { class: "name" }, buildLink(entry), element("small", {}, entry.task)),
      element("td", { class: "num quiet" }, moment(entry.since)),
      element("td", { class: "num" }, button ?? ""));
    waiting.replaceChildren(element("h2", {}, "Now"), table([["State", "fit"], ["Build", ""], ["Since", "num"], ["", "num"]], [
      ...(view.holder ? [task(view.holder, verdict(view.paused ? "waiting" : "running", view.paused ? "next" : "deploying"))] : []),
      ...view.waiting.map((entry) => task(entry, verdict("waiting"))),
      ...view.unapproved.map((entry) => task(entry, verdict("waiting", "to approve"), approveButton(entry, draw))),
    ], "Nothing deploys, and nothing waits."));
    drawDeploys(deployed, name, view.history);
  };
  await repeating(3000, draw);
}

function drawDeploys(place, name, deploys) {
  const live = deploys.find((deploy) => deploy.verdict === "succeeded");
  const rows = deploys.map((deploy) => element("tr", {},
    element("td", { class: "name" }, buildLink(deploy), element("small", {}, deploy.task)),
    element("td", { class: "wide" }, commitText(deploy.commit)),
    element("td", { class: "wide" }, causeText(deploy.cause)),
    element("td", { class: "wide" }, deploy.approvedBy ?? ""),
    element("td", { class: "num quiet" }, moment(deploy.since)),
    element("td", { class: "num" }, deploy.verdict !== "succeeded" ? verdict(deploy.verdict)
      : deploy === live ? verdict("succeeded", "live")
      : acting(element("button", { type: "button" }, "Roll back to this"), async () => {
        if (!confirm(`Deploy ${deploy.job} #${deploy.build} to ${name} once more?`)) return;
        const response = await post(`/environments/${name}/rollback`, { job: deploy.job, build: deploy.build, by: "page" });
        const build = await response.json();
        location.assign(`/jobs/${build.job}/builds/${build.build}`);
      }))));
  const headings = [["Build", ""], ["Commit", "wide"], ["Started by", "wide"], ["Approved by", "wide"], ["Deployed", "num"], ["", "num"]];
  place.replaceChildren(element("h2", {}, "History"), table(headings, rows, "Nothing was deployed yet."));
}

// Which page this is

async function route() {
  const steps = location.pathname.split("/").filter(Boolean).map(decodeURIComponent);
  const here = ["workers", "environments"].includes(steps[0]) ? `/${steps[0]}` : "/";
  document.querySelectorAll(".places a").forEach((link) => {
    if (link.getAttribute("href") === here) link.setAttribute("aria-current", "page");
  });
  try {
    if (steps.length === 0) await jobsPage();
    else if (steps[0] === "workers") await workersPage();
    else if (steps[0] === "environments") await (steps.length === 1 ? environmentsPage() : environmentPage(steps[1]));
    else if (steps.length === 2) await jobPage(steps[1]);
    else await buildPage(steps[1], steps[3]);
  } catch (error) {
    show(element("div", { class: "head" }, element("h1", {}, "That did not work")), problem(error));
  }
}

route();
