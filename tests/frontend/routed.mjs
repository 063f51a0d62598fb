// routed.mjs
import { test as base } from "@playwright/test";
import { Watchword } from "./client.mjs";

const watchword = new Watchword(process.env.WATCHWORD_URL);

export { expect } from "@playwright/test";
export const test = base.extend({
  box: async ({}, use, { titlePath, testId }) => {
    const box = await watchword.sandbox(`${titlePath.join(" ")} ${testId}`);
    await use(box);
    await box.drop();
  },
  page: async ({ page, box }, use) => {
    await page.route(`${watchword.url}/**`, (route) =>
      route.continue({ headers: { ...route.request().headers(), ...box.headers } }),
    );
    await use(page);
  },
});
