// handlers.ts
import { http, HttpResponse, passthrough } from "msw";

export const handlers = [
  http.all("http://127.0.0.1:7070/*", () => passthrough()),
  http.get("/profile", () => HttpResponse.json({ name: "Ada" })),
];
