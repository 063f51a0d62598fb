// The window in a real browser: what a person sees and does there, beside the front end's page.
import { readFileSync } from "node:fs";
import { expect, test } from "./fixture.mjs";

const axe = readFileSync(new URL(import.meta.resolve("axe-core/axe.min.js")), "utf-8");
const WRONG = "Wrong-Secret-42";

// Opens the window in a tab of its own, and fails the test if the browser complains of anything there.
const windowTest = test.extend({
  tab: async ({ context, box }, use) => {
    const tab = await context.newPage();
    const complaints = [];
    tab.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(`${tab.url()} ${message.text()}`);
    });
    tab.on("pageerror", (error) => complaints.push(`${tab.url()} ${error}`));
    tab.look = (page) => tab.goto(`${box.url}/__admin/ui/${page}`);
    await use(tab);
    expect(complaints).toEqual([]);
  },
});

const says = (page, text) => expect(page.getByRole("status")).toHaveText(text);

// Sends a form, and waits for the page that it leads to.
const send = (button) => Promise.all([button.page().waitForEvent("load"), button.click()]);

async function forgetPassword(page, email) {
  await page.goto("/");
  await page.getByLabel("Mail").fill(email);
  await page.getByText("Forgot password").click();
}

async function signIn(page, email, password) {
  await page.goto("/");
  await page.getByLabel("Mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

async function pointLinksHere(tab, baseURL) {
  await tab.look("settings/weavr_multi");
  await tab.getByLabel("Portal url").fill(baseURL);
  await send(tab.getByRole("button", { name: "Save" }));
}

// Somebody's login and password, as the page of the person shows them.
async function lookUp(tab, name) {
  await tab.look(`people/weavr_multi/${name}`);
  const copied = (what) => tab.getByRole("button", { name: `Copy the ${what}` }).getAttribute("data-copy");
  return { login: await copied("login"), password: await copied("password") };
}

async function beBusy(box) {
  const ada = await box.personNamed("weavr_multi", "ada");
  const send = (path, body) =>
    fetch(`${box.url}/multi${path}`, {
      method: "POST",
      headers: { ...ada.headers, "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  await send("/passwords/lost_password/start", { email: ada.login });
  await send("/passwords/update", { oldPassword: { value: WRONG }, newPassword: { value: "Brand-New-43" } });
  await fetch(`${box.url}/v2/a-rather-long-path/${"that-no-operation-has-".repeat(8)}`);
  await box.faults.add({ match: { operation: "weavr_multi.validate_password" }, fault: { delay: { fixed: "1s" } } });
}

const PAGES = ["requests", "requests/last", "mails", "mails/1", "people", "people/weavr_multi/ada", "clock", "faults",
  "settings", "rules", "sandboxes", "nowhere"];

for (const colorScheme of ["light", "dark"]) {
  windowTest(`every page fits and can be read, ${colorScheme}`, async ({ context, box }) => {
    await beBusy(box);
    test.setTimeout(120_000);
    const tab = await context.newPage();
    await tab.emulateMedia({ colorScheme });
    const complaints = [];
    tab.on("console", (message) => {
      const missing = message.text().includes("404") && tab.url().endsWith("nowhere");
      if (message.type() === "error" && !missing) complaints.push(`${tab.url()} ${message.text()}`);
    });
    for (const page of PAGES) {
      await tab.setViewportSize({ width: 1280, height: 800 });
      await tab.goto(`${box.url}/__admin/ui/${page}`);
      for (const width of [2560, 1280, 360]) {
        await tab.setViewportSize({ width, height: 800 });
        const beyond = await tab.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(beyond, `${page} at ${width} px`).toBeLessThanOrEqual(0);
        if (width !== 1280) continue;
        await tab.evaluate(axe);
        const options = { resultTypes: ["violations"], ...(colorScheme === "dark" && { runOnly: ["color-contrast"] }) };
        const { violations } = await tab.evaluate((given) => globalThis.axe.run(given), options);
        const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120))}`);
        expect(found, `${page} at ${width} px`).toEqual([]);
      }
    }
    expect(complaints).toEqual([]);
    await tab.close();
  });
}

windowTest("on a telephone the bar shows the proposal and the clock beside a long name of a sandbox", async ({ tab, box }) => {
  await box.choose("next");
  await box.clock.freeze();
  await tab.setViewportSize({ width: 360, height: 800 });
  await tab.look("requests");
  for (const shown of [tab.locator("#where .tag"), tab.locator("#when .count")]) {
    const isSeen = await shown.evaluate((tag) => {
      const { left, right, top, height } = tag.getBoundingClientRect();
      return [left + 2, right - 2].every((x) => document.elementFromPoint(x, top + height / 2) === tag);
    });
    expect(isSeen).toBe(true);
  }
});

windowTest("the list of sandboxes does not touch the form above it", async ({ tab }) => {
  await tab.look("sandboxes");
  const gap = await tab.locator("form", { hasText: "Make a fresh one" }).evaluate((form) => {
    const list = document.getElementById("sandboxes");
    return list.getBoundingClientRect().top - form.getBoundingClientRect().bottom;
  });
  expect(gap).toBeGreaterThanOrEqual(8);
});

windowTest("the start page and the documentation fit", async ({ context, box }) => {
  const tab = await context.newPage();
  for (const [page, shown] of [["", "table"], ["docs/", ".opblock"], ["docs/rules", "section"]]) {
    await tab.goto(`${box.url}/${page}`);
    await tab.locator(shown).first().waitFor();
    for (const width of [1440, 768, 360]) {
      await tab.setViewportSize({ width, height: 800 });
      const beyond = await tab.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(beyond, `/${page} at ${width} px`).toBeLessThanOrEqual(0);
    }
  }
  await tab.close();
});

windowTest("forgot password", async ({ page, tab, baseURL }) => {
  const ada = await lookUp(tab, "ada");
  await pointLinksHere(tab, baseURL);
  await tab.look("mails");
  await forgetPassword(page, ada.login);
  await says(page, "Look into your mails.");
  await tab.getByRole("link", { name: ada.login }).click(); // it came by itself
  const [opened] = await Promise.all([tab.waitForEvent("popup"), tab.locator(".letter a").first().click()]);
  await opened.getByLabel("New password").fill("Quiet-river-42");
  await opened.getByText("Set password").click();
  await says(opened, "Your password is set.");
});

windowTest("expired link, and why it is a 409", async ({ page, tab, baseURL }) => {
  const ada = await lookUp(tab, "ada");
  await pointLinksHere(tab, baseURL);
  await forgetPassword(page, ada.login);
  await says(page, "Look into your mails.");
  await tab.look("clock");
  await tab.getByLabel("Forward by").fill("61m");
  await send(tab.getByRole("button", { name: "Move", exact: true }));
  await tab.getByRole("link", { name: "Mails" }).click();
  await tab.getByRole("link", { name: ada.login }).click();
  await page.goto(await tab.locator(".letter a").first().getAttribute("href"));
  await page.getByLabel("New password").fill("Quiet-river-42");
  await page.getByText("Set password").click();
  await says(page, "This link does not work any more.");
  await tab.getByRole("link", { name: "Requests" }).click();
  const refused = tab.locator("#rows a", { hasText: "409" }).first();
  await expect(refused).toContainText("INVALID_NONCE_OR_EMAIL"); // read without opening it
  await expect(refused).toContainText("expired");
  await refused.click();
  await expect(tab.getByRole("region", { name: "Why" })).toContainText("expires at");
  await expect(tab.getByText("curl -X POST")).toBeVisible();
  await tab.getByRole("link", { name: "What would have helped?" }).click();
  await expect(tab.locator("#cures li").first()).toBeVisible();
  await tab.getByLabel("Later by").fill("1m");
  await tab.getByRole("button", { name: "Replay", exact: true }).click();
  await expect(tab.locator("#replay").getByRole("status")).toContainText("409 then, 409 now");
});

test("what is refused keeps what was typed, and says why in its place", async ({ context, box }) => {
  const tab = await context.newPage();
  const why = tab.getByRole("alert");
  await beBusy(box);
  await tab.goto(`${box.url}/__admin/ui/people`);
  await tab.getByText("Make somebody").click();
  await tab.getByLabel("Name").fill("zed");
  await tab.getByLabel("Password").fill(WRONG);
  await tab.getByLabel("Situations").fill("purple");
  await tab.getByRole("button", { name: "Make" }).click();
  await expect(why).toContainText("Situations: must be one of");
  await expect(tab.getByLabel("Situations")).toBeFocused();
  await expect(tab.getByLabel("Name")).toHaveValue("zed");
  await expect(tab.getByLabel("Password")).toHaveValue(WRONG);
  await tab.getByLabel("Situations").fill("");
  await tab.getByRole("button", { name: "Make" }).click();
  await expect(tab.getByRole("heading", { name: "zed" })).toBeVisible();
  await tab.goto(`${box.url}/__admin/ui/requests?q=PASSWORD_INCORRECT`);
  await tab.locator("#rows a").first().click();
  await tab.getByRole("button", { name: "Replay", exact: true }).click();
  await expect(tab.locator("#replayed")).toContainText("409 then, 409 now");
  await tab.getByLabel("Different in its body").fill('{"newPassword":');
  await tab.getByRole("button", { name: "Replay", exact: true }).click();
  await expect(why).toContainText("Different in its body: is not JSON");
  await expect(tab.getByLabel("Different in its body")).toHaveValue('{"newPassword":');
  await expect(tab.locator("#replayed")).toBeEmpty(); // the result before is not this one's
  await tab.getByRole("link", { name: "What would have helped?" }).click();
  await tab.getByRole("button", { name: /^Replay this/ }).first().click();
  await expect(tab.locator("#replayed")).toContainText("409 then, 200 now");
  await expect(why).toHaveCount(0);
});

test("what was saved is said until something is edited or refused, also in the address", async ({ context, box }) => {
  const tab = await context.newPage();
  const done = tab.getByText("Saved.", { exact: true });
  const save = tab.getByRole("button", { name: "Save" });
  await tab.goto(`${box.url}/__admin/ui/settings/weavr_multi`);
  await tab.getByLabel("Portal url").fill("http://right.example");
  await send(save);
  await expect(done).toBeVisible();
  await tab.getByLabel("Portal url").fill("javascript:alert(1)");
  await expect(done).toHaveCount(0);
  expect(tab.url()).not.toContain("?said");
  await tab.goto(`${box.url}/__admin/ui/settings/weavr_multi?said=saved`);
  await context.route("**/settings/weavr_multi", (route) => route.abort());
  await save.click();
  await expect(tab.getByRole("alert")).toContainText("The server does not answer.");
  await expect(done).toHaveCount(0);
  expect(tab.url()).not.toContain("?said");
});

test("a refusal is said until its form is tried again, or something is edited in another", async ({ context, box }) => {
  const tab = await context.newPage();
  const why = tab.getByRole("alert");
  const portal = tab.getByLabel("Portal url");
  await tab.goto(`${box.url}/__admin/ui/settings/weavr_multi`);
  await portal.fill("javascript:alert(1)");
  await tab.getByRole("button", { name: "Save" }).click();
  await expect(why).toContainText("Portal url");
  await portal.fill("http://right.example");
  await expect(why).toContainText("Portal url"); // its reader is mending it
  await tab.locator('[name="programme.history"]').fill("-1");
  await tab.getByRole("button", { name: "Save" }).click(); // the browser says that this is too small, and sends nothing
  await expect(why).toHaveCount(0);
  await tab.goto(`${box.url}/__admin/ui/people/weavr_multi/ada`);
  await tab.getByLabel("Situations").fill("purple");
  await tab.getByLabel("Situations").press("Enter");
  await expect(why).toContainText("must be one of");
  await tab.getByRole("textbox", { name: "Login" }).fill("somebody@else.example");
  await expect(why).toHaveCount(0);
});

test("a page says that the server does not answer, and goes on by itself when it does", async ({ context, box }) => {
  const tab = await context.newPage();
  const unanswered = tab.getByText("The server does not answer");
  await context.route("**/ui/events*", (route) => route.abort());
  await tab.goto(`${box.url}/__admin/ui/requests`);
  await expect(unanswered).toBeVisible();
  await context.route("**/__admin/ui/requests", (route) => route.abort());
  await tab.getByRole("button", { name: "Clear" }).click();
  await expect(unanswered).toHaveCount(2);
  await context.unrouteAll();
  await expect(tab.locator("#unanswered, #refused").filter({ visible: true })).toHaveCount(0);
  await beBusy(box);
  await expect(tab.locator("#rows li").first()).toBeVisible();
});

test("a page whose news are refused once asks for them again", async ({ context, box }) => {
  const tab = await context.newPage();
  await context.route("**/ui/events*", (route) => route.fulfill({ status: 503 }), { times: 1 });
  const refused = context.waitForEvent("response", (one) => one.status() === 503);
  await tab.goto(`${box.url}/__admin/ui/requests`);
  await refused;
  await beBusy(box);
  await expect(tab.locator("#rows li").first()).toBeVisible();
});

test("a page is loaded once more if its news want a new signing in", async ({ context, box }) => {
  const tab = await context.newPage();
  await context.route(/\/ui\/(events|bar)/, (route) => route.fulfill({ status: 401 }), { times: 2 });
  await tab.goto(`${box.url}/__admin/ui/requests`);
  await tab.waitForEvent("load");
});

windowTest("locked account", async ({ page, tab }) => {
  await tab.look("people");
  await tab.keyboard.press("/");
  await tab.keyboard.type("multi locked");
  await expect(tab.locator("#rows li")).toHaveCount(1);
  const name = await tab.locator("#rows b").textContent();
  const { login, password } = await lookUp(tab, name);
  await signIn(page, login, password);
  await says(page, "Too many attempts. Try again in half an hour.");
  await tab.look("clock");
  const end = tab.locator("#agenda li", { hasText: "no longer lock" }).filter({ hasText: name });
  await send(end.getByRole("button"));
  await signIn(page, login, password);
  await says(page, "Welcome.");
});

windowTest("slow network", async ({ page, tab }) => {
  const ada = await lookUp(tab, "ada");
  await tab.look("faults");
  await tab.getByLabel("What goes wrong").selectOption("answers after 1 s");
  await send(tab.getByRole("button", { name: "Arm", exact: true }));
  await expect(tab.getByRole("link", { name: "Faults" })).toContainText("1 armed");
  await signIn(page, ada.login, ada.password);
  await says(page, "Please wait …");
  await says(page, "Welcome.");
  await expect(tab.locator("#armed")).toContainText("hit 1"); // told by itself
  await send(tab.getByRole("button", { name: "Disarm all" }));
  await expect(tab.getByText("Nothing is armed")).toBeVisible();
});

windowTest("lost answer", async ({ page, tab }) => {
  const ada = await lookUp(tab, "ada");
  await tab.look("faults");
  await tab.getByLabel("What goes wrong").selectOption("random data");
  await tab.getByLabel("How often").fill("1");
  await tab.getByLabel("When").selectOption("after it changed something");
  await send(tab.getByRole("button", { name: "Arm", exact: true }));
  await tab.look("requests");
  await forgetPassword(page, ada.login);
  await says(page, "No answer. Please try again.");
  const lost = tab.locator("#rows a", { hasText: "lost_password/start" }).first();
  await expect(lost).toContainText("1 mail"); // the state has changed
  await forgetPassword(page, ada.login);
  await says(page, "Look into your mails.");
  await tab.getByRole("link", { name: "Mails" }).click();
  await expect(tab.locator("#mails li")).toHaveCount(2);
});

windowTest("a filter is kept while a request is opened", async ({ tab, box }) => {
  await beBusy(box);
  await tab.look("requests");
  await tab.keyboard.press("/");
  await tab.keyboard.type("purple");
  await expect(tab.getByText("No request fits this filter.")).toBeVisible();
  await tab.getByLabel("Filter").fill("PASSWORD_INCORRECT");
  await expect(tab.locator("#rows li")).toHaveCount(1);
  for (const back of [() => tab.goBack(), () => tab.getByRole("link", { name: "The filtered requests" }).click()]) {
    await tab.locator("#rows a").click();
    await expect(tab.getByRole("heading", { name: "Why" })).toBeVisible();
    await back();
    await expect(tab.getByLabel("Filter")).toHaveValue("PASSWORD_INCORRECT");
    await expect(tab.locator("#rows li")).toHaveCount(1);
  }
});

windowTest("everything goes without a mouse, and shows where one is", async ({ tab, box }) => {
  await beBusy(box);
  await tab.look("requests");
  await tab.keyboard.press("Tab");
  await expect(tab.getByText("Skip to the content")).toBeFocused();
  await tab.keyboard.press("Enter");
  await tab.keyboard.press("j");
  const first = tab.locator("#rows a").first();
  await expect(first).toBeFocused();
  expect(await first.evaluate((row) => getComputedStyle(row).outlineStyle)).toBe("solid");
  await tab.keyboard.press("Enter");
  await expect(tab.getByRole("heading", { name: "Why" })).toBeVisible();
});

windowTest("a sandbox is saved as a file, and the file takes its place", async ({ tab, box }) => {
  await box.makePerson({ system: "zitadel", name: "pia" });
  await tab.look("sandboxes");
  const saving = tab.waitForEvent("download");
  await tab.getByRole("link", { name: "Export as a file" }).click();
  const file = await (await saving).path();
  await Promise.all([tab.waitForEvent("load"), box.reset()]); // the page is loaded again when it hears of that
  await tab.getByLabel("File", { exact: true }).setInputFiles(file);
  const asked = [];
  tab.once("dialog", (dialog) => (asked.push(dialog.message()), dialog.dismiss()));
  await tab.getByRole("button", { name: "Replace this sandbox with it" }).click();
  expect(asked[0]).toContain(`Replace the sandbox “${box.name}” with this file?`);
  expect((await box.people({ system: "zitadel" })).some(({ name }) => name === "pia")).toBe(false); // nothing was sent
  tab.once("dialog", (dialog) => dialog.accept());
  await send(tab.getByRole("button", { name: "Replace this sandbox with it" }));
  await says(tab, "Imported.");
  await expect(tab.getByRole("heading", { name: `This one: ${box.name}` })).toBeVisible();
  expect((await box.personNamed("zitadel", "pia")).name).toBe("pia");
});

windowTest("a file that is too large is refused with how much there may be, and what allows more", async ({ context, box }) => {
  const tab = await context.newPage();
  await tab.goto(`${box.url}/__admin/ui/sandboxes`);
  const file = { name: "large.json", mimeType: "application/json", buffer: Buffer.alloc(5_000_000, "a") };
  await tab.getByLabel("File", { exact: true }).setInputFiles(file);
  tab.once("dialog", (dialog) => dialog.accept());
  await tab.getByRole("button", { name: "Replace this sandbox with it" }).click();
  await expect(tab.getByRole("alert")).toHaveText(
    "The request body is longer than 4194304 bytes. The flag --max-body of the server allows more.",
  );
  await tab.close();
});

windowTest("two hundred requests a second come without freezing the page", async ({ tab, box }) => {
  await tab.look("requests");
  await tab.evaluate(() => {
    globalThis.longest = 0;
    let before = performance.now();
    requestAnimationFrame(function look(now) {
      globalThis.longest = Math.max(globalThis.longest, now - before);
      before = now;
      requestAnimationFrame(look);
    });
  });
  const began = Date.now();
  for (let sent = 0; sent < 200; sent += 20) {
    await Promise.all(Array.from({ length: 20 }, () => fetch(`${box.url}/v2/nowhere/${sent}`)));
    await new Promise((resolve) => setTimeout(resolve, began + sent * 5 - Date.now()));
  }
  await expect(tab.locator("#rows li")).toHaveCount(200);
  const longest = await tab.evaluate(() => globalThis.longest);
  console.log(`longest frame ${Math.round(longest)} ms, ${Date.now() - began} ms in all`);
  expect(longest).toBeLessThan(1000);
});

for (const place of ["another server", "the same server"]) {
  test(`a page of ${place} imports the client`, async ({ page, box, baseURL }) => {
    const url = box.url.replace(/\/~.*/, "");
    await page.goto(place === "the same server" ? `${url}/__admin/version` : baseURL);
    const seen = await page.evaluate(async (address) => {
      const { Watchword } = await import(`${address}/__admin/client.mjs`);
      const own = await new Watchword(address).sandbox("imported");
      await own.clock.freeze("2030-01-01T00:00:00Z");
      const { frozen } = await own.clock.read();
      await own.drop();
      return frozen;
    }, url);
    expect(seen).toBe(true);
  });
}

windowTest("a sandbox that somebody drops is not made by the window that is open on it", async ({ context, box }) => {
  const tab = await context.newPage();
  await tab.goto(`${box.url}/__admin/ui/requests`);
  await expect(tab.getByText("No requests yet")).toBeVisible();
  await box.drop();
  await expect(tab.getByRole("alert")).toContainText("it was dropped, or nobody has used it yet");
  await tab.reload();
  await expect(tab.getByRole("alert")).toContainText("it was dropped, or nobody has used it yet");
  await box.clock.freeze(); // as the next run of a test would
  await expect(tab.getByRole("heading", { name: "Requests" })).toBeVisible();
  await tab.close();
});

windowTest("an open form of settings follows a change from elsewhere, and keeps what was typed", async ({ tab, box }) => {
  await tab.look("settings/weavr_multi");
  const history = tab.locator('[name="programme.history"]');
  await tab.getByLabel("Portal url").fill("http://typed.example");
  await box.settings.patch("weavr_multi", { programme: { history: 3 } });
  await expect(history).toHaveValue("3");
  await expect(tab.getByLabel("Portal url")).toHaveValue("http://typed.example");
  await send(tab.getByRole("button", { name: "Save" }));
  const { weavr_multi } = await box.settings.read();
  expect([weavr_multi.programme.history, weavr_multi.portal_url]).toEqual([3, "http://typed.example"]);
});

windowTest("a field in which something is typed says what somebody else has set it to meanwhile", async ({ tab, box }) => {
  await tab.look("settings/weavr_multi");
  const history = tab.locator('[name="programme.history"]');
  await history.fill("7");
  await box.settings.patch("weavr_multi", { programme: { history: 3 } });
  await says(tab, "Somebody has set this to 3 meanwhile; what is written here would replace that.");
  await expect(history).toHaveValue("7");
  await send(tab.getByRole("button", { name: "Save" }));
  expect((await box.settings.read()).weavr_multi.programme.history).toBe(7);
});

windowTest("the page of a person whom somebody removes says so, and offers nothing any more", async ({ context, box }) => {
  const tab = await context.newPage();
  await tab.goto(`${box.url}/__admin/ui/people/weavr_multi/uma`);
  await expect(tab.getByRole("button", { name: "Remove" })).toBeVisible();
  await fetch(`${box.url}/__admin/people/weavr_multi/uma`, { method: "DELETE" });
  await expect(tab.getByRole("alert")).toContainText("There is nobody called 'uma' in weavr_multi");
  await expect(tab.getByRole("button", { name: "Remove" })).toHaveCount(0);
  await tab.close();
});

windowTest("the page of a person follows a lock from elsewhere: her tags, the button, and where the keyboard is", async ({ tab, box }) => {
  await tab.look("people/weavr_multi/ada");
  const state = tab.getByRole("region", { name: "Now" });
  await tab.getByRole("button", { name: "Lock", exact: true }).focus();
  await box.changePerson({ system: "weavr_multi", name: "ada" }, { situations: ["locked"] });
  await expect(state).toContainText("until");
  await expect(tab.locator("#tags")).toContainText("locked");
  await expect(tab.getByRole("button", { name: "Unlock" })).toBeFocused();
  await expect(tab.getByLabel("Situations")).toHaveValue(/locked/);
  await send(tab.getByRole("button", { name: "Unlock" }));
  await expect(tab.locator("#tags")).not.toContainText("locked");
});

windowTest("the page of a person follows her login, her headers and her tries, and keeps what was typed", async ({ tab, box }) => {
  await box.makePerson({ system: "weavr_multi", name: "mine", like: "ada" });
  await tab.look("people/weavr_multi/mine");
  const login = tab.getByLabel("Login", { exact: true });
  const headers = tab.locator("#headers pre");
  const before = await headers.textContent();
  await box.changePerson({ system: "weavr_multi", name: "mine" }, { login: "new@multi.example" });
  await expect(login).toHaveValue("new@multi.example");
  await login.fill("typed@multi.example");
  await box.settings.patch("weavr_multi", { programme: { lock_after: 9 } });
  await expect(tab.getByRole("region", { name: "Now" })).toContainText(/Tries left\s*9/);
  let open;
  const gate = new Promise((resolve) => { open = resolve; });
  await tab.route("**/people/weavr_multi/mine", (route) => gate.then(() => route.continue()));
  await fetch(`${box.url}/__admin/people/weavr_multi/mine`, { method: "DELETE" });
  await box.makePerson({ system: "weavr_multi", name: "mine", like: "quinn", login: "other@multi.example" });
  open();
  await expect(headers).not.toHaveText(before);
  await says(tab, "Somebody has set this to other@multi.example meanwhile; what is written here would replace that.");
  await expect(login).toHaveValue("typed@multi.example");
});

windowTest("the buttons of the clock and of the faults follow what somebody else does", async ({ tab, box }) => {
  await tab.look("clock");
  await expect(tab.getByRole("button", { name: "Freeze", exact: true })).toBeVisible();
  await box.clock.freeze();
  await send(tab.getByRole("button", { name: "Unfreeze" }));
  expect((await box.clock.read()).frozen).toBe(false);
  await tab.look("faults");
  await box.faults.add({ fault: { delay: { fixed: "1s" } } });
  await send(tab.getByRole("button", { name: "Disarm all" }));
  await expect(tab.getByText("Nothing is armed")).toBeVisible();
});

windowTest("the choices of the page of faults follow a proposal that somebody else chooses, and what is chosen stays", async ({ context, box }) => {
  const tab = await context.newPage();
  await tab.goto(`${box.url}/__admin/ui/faults`);
  const operations = tab.getByLabel("Operation");
  const added = operations.locator("option", { hasText: "fifth.get_countries" });
  await expect(added).toHaveCount(0);
  await operations.selectOption("weavr_multi.validate_password");
  await tab.getByLabel("Person").fill("ada");
  await box.choose("next");
  await expect(added).toHaveCount(1);
  await expect(tab.locator('#examples option[value="418 TEAPOT"]')).toBeEnabled();
  await expect(tab.locator('#examples option[value="409 INVALID_NONCE_OR_EMAIL"]')).toBeDisabled(); // of another operation
  await box.choose("whole");
  await expect(operations.locator("option")).toHaveText(["every operation", "fifth.countries", "weavr_multi.validate_password"]);
  await expect(operations).toHaveValue("weavr_multi.validate_password");
  await expect(tab.getByLabel("Person")).toHaveValue("ada");
  await tab.getByRole("button", { name: "Arm" }).click();
  await expect(tab.getByRole("alert")).toContainText("Operation: is not known; there are: fifth.countries");
  await tab.close();
});

windowTest("a list follows as soon as the keyboard has left its buttons", async ({ tab, box }) => {
  await box.faults.add({ fault: { delay: { fixed: "1s" } } });
  await tab.look("faults");
  await tab.getByRole("button", { name: "Disarm fault-1" }).focus();
  await box.faults.add({ fault: { delay: { fixed: "2s" } } });
  await expect(tab.locator("#nav-faults")).toContainText("2"); // the page has heard of it
  await expect(tab.locator("#armed li")).toHaveCount(1); // and nothing moves under a finger
  await tab.getByLabel("Person").focus();
  await expect(tab.locator("#armed li")).toHaveCount(2);
});

windowTest("the page of sandboxes follows what is made and saved elsewhere, and keeps what was typed", async ({ tab, box }) => {
  await tab.look("sandboxes");
  const name = tab.getByLabel("Name").first();
  await name.fill("mine");
  await box.snapshots.save("before-checkout");
  await expect(tab.locator("#snapshots")).toContainText("before-checkout");
  const other = tab.locator("#sandboxes li", { hasText: "made-elsewhere" });
  await fetch(`${box.url}/__admin/sandboxes`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ name: "made-elsewhere" }),
  });
  await expect(other).toBeVisible();
  await fetch(`${box.url}/__admin/sandboxes/made-elsewhere`, { method: "DELETE" });
  await expect(other).toHaveCount(0);
  await expect(name).toHaveValue("mine");
});

windowTest("the page of rules counts while requests come", async ({ tab, box }) => {
  await tab.look("rules?system=weavr_multi");
  const first = tab.locator("#rules li").first();
  await expect(first).not.toContainText("held");
  await beBusy(box);
  await expect(first).toContainText("held");
  await expect(tab.locator("#rules")).not.toContainText("zitadel.");
});

windowTest("a form that somebody has begun to fill in outlives a reset from elsewhere, and the lists follow", async ({ tab, box }) => {
  await box.faults.add({ fault: { delay: { fixed: "1s" } } });
  await tab.look("faults");
  await tab.getByLabel("Person").fill("hilda");
  await tab.getByLabel("When").selectOption("after");
  await box.reset();
  await expect(tab.getByText("Nothing is armed")).toBeVisible();
  await expect(tab.locator("#nav-faults")).not.toContainText("1");
  await expect(tab.getByLabel("Person")).toHaveValue("hilda");
  await expect(tab.getByLabel("When")).toHaveValue("after");
});
