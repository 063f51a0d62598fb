// Starts Mock Service Worker, and then the page.
import { setupWorker } from "msw/browser";
import { handlers } from "./handlers.ts";

await setupWorker(...handlers).start({ quiet: true });
const { name } = await (await fetch("/profile")).json();
document.querySelector("[role=status]").textContent = name;
await import("./page.mjs");
