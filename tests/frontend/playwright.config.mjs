// The browser is the one that is installed: Playwright's own is never downloaded.
import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: process.env.SPECS,
  outputDir: process.env.RESULTS,
  reporter: "list",
  timeout: 30_000,
  expect: { timeout: 10_000 },
  workers: 1,
  use: {
    baseURL: process.env.PAGE_URL,
    launchOptions: { executablePath: process.env.BROWSER, args: ["--no-sandbox"] },
  },
});
