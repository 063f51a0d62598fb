// vite.config.ts
export default {
  server: { proxy: { "/api": { target: "http://127.0.0.1:7070", rewrite: (path) => path.replace(/^\/api/, "") } } },
};
