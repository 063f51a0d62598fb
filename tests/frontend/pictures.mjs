// Photographs the window for the README: `node pictures.mjs URL FOLDER`, as `make pictures` calls it.
import { chromium } from "@playwright/test";

const [, , url, folder] = process.argv;
const browser = await chromium.launch({ executablePath: process.env.BROWSER, args: ["--no-sandbox"] });
const page = await browser.newPage({ viewport: { width: 1080, height: 620 }, colorScheme: "light" });
await page.goto(`${url}/__admin/ui/requests`);
await page.screenshot({ path: `${folder}/window-requests.png` });
await page.emulateMedia({ colorScheme: "dark" });
await page.locator("#rows a", { hasText: "INVALID_NONCE_OR_EMAIL" }).first().click();
await page.getByRole("heading", { name: "Why" }).waitFor();
await page.screenshot({ path: `${folder}/window-why.png` });
await browser.close();
