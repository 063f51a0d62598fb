// What the page asks of others is mocked, and what it asks of Watchword passes, with the name of the sandbox.
import { expect, test } from "./fixture.mjs";

test("what is mocked, and what passes", async ({ page, box }) => {
  const ada = await box.personNamed("weavr_multi", "ada");
  await page.goto("/");
  await expect(page.getByRole("status")).toHaveText("Ada");
  await page.getByLabel("Mail").fill(ada.login);
  await page.getByLabel("Password", { exact: true }).fill(ada.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("status")).toHaveText("Welcome.");
  await box.verify({ operation: "weavr_multi.login_with_password", person: "ada", count: 1 });
});
