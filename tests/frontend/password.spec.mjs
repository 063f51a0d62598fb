// password.spec.mjs
import { expect, test } from "./fixture.mjs";

const says = (page, text) => expect(page.getByRole("status")).toHaveText(text);

async function forgetPassword(page, email) {
  await page.goto("/");
  await page.getByLabel("Mail").fill(email);
  await page.getByText("Forgot password").click();
}

async function setPassword(page, link, password) {
  await page.goto(link);
  await page.getByLabel("New password").fill(password);
  await page.getByText("Set password").click();
}

async function signIn(page, email, password) {
  await page.goto("/");
  await page.getByLabel("Mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

test.beforeEach(async ({ box, baseURL }) => {
  await box.settings.patch("weavr_multi", { portal_url: baseURL }); // the links in mails lead here
});

test("forgot password", async ({ page, box }) => {
  const ada = await box.personNamed("weavr_multi", "ada");
  await forgetPassword(page, ada.login);
  await says(page, "Look into your mails.");
  const mail = await box.inbox.wait({ to: ada.login });
  await setPassword(page, mail.links[0], "Quiet-river-42");
  await says(page, "Your password is set.");
  await signIn(page, ada.login, "Quiet-river-42");
  await says(page, "Welcome.");
});

test("expired link, and why it is a 409", async ({ page, box }) => {
  const ada = await box.personNamed("weavr_multi", "ada");
  await forgetPassword(page, ada.login);
  const mail = await box.inbox.wait({ to: ada.login });
  await box.clock.advance("PT61M");
  await setPassword(page, mail.links[0], "Quiet-river-42");
  await says(page, "This link does not work any more.");
  const [refused] = await box.journal.find({ status: 409 });
  const why = await box.journal.explain(refused);
  expect(why.sentence).toContain("INVALID_NONCE_OR_EMAIL");
  expect(why.values.expires_at < why.values.now).toBe(true); // what the rule compared
});

test("locked account", async ({ page, box }) => {
  const hilda = await box.person("weavr_multi", "locked");
  await signIn(page, hilda.login, hilda.password);
  await says(page, "Too many attempts. Try again in half an hour.");
  await box.clock.advanceToNext(); // the first instant at which an answer differs: the lock ends
  await signIn(page, hilda.login, hilda.password);
  await says(page, "Welcome.");
});

test("slow network", async ({ page, box }) => {
  const ada = await box.personNamed("weavr_multi", "ada");
  await box.faults.add({ match: { system: "weavr_multi" }, fault: { delay: { fixed: "1s" } } });
  await signIn(page, ada.login, ada.password);
  await says(page, "Please wait …");
  await says(page, "Welcome.");
});

test("lost answer", async ({ page, box }) => {
  const ada = await box.personNamed("weavr_multi", "ada");
  const lost = { connection: "RANDOM_DATA_THEN_CLOSE" };
  await box.faults.add({ match: { person: "ada" }, times: 1, when: "after", fault: lost });
  await forgetPassword(page, ada.login);
  await says(page, "No answer. Please try again."); // but the mail was sent
  const mail = await box.inbox.wait({ to: ada.login });
  await forgetPassword(page, ada.login);
  await says(page, "Look into your mails.");
  await box.inbox.wait({ to: ada.login, after: mail });
  await box.verify({ operation: "weavr_multi.start_lost_password", person: "ada", count: 2 });
});
