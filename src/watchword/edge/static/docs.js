"use strict";

const SANDBOX = "watchword-sandbox";
const CHOSEN = "urls.primaryName"; // The parameter by which Swagger UI's own pages name a document.

const page = document.getElementById("swagger-ui");
const documents = JSON.parse(page.dataset.documents);

// Under /~NAME/docs/ the page is about that sandbox; else it remembers the last one.
const named = location.pathname.match(/\/~([^/]+)\/docs\/$/);
const field = document.getElementById("sandbox");
field.value = named ? decodeURIComponent(named[1]) : localStorage.getItem(SANDBOX) || "";
field.addEventListener("input", () => localStorage.setItem(SANDBOX, field.validity.valid ? field.value : ""));
document.getElementById("choices").addEventListener("submit", (event) => event.preventDefault());

const choice = document.getElementById("document");
choice.append(...documents.map((one) => new Option(one.name)));
choice.selectedIndex = Math.max(0, documents.findIndex((one) => one.name === new URLSearchParams(location.search).get(CHOSEN)));
choice.addEventListener("change", () => {
  // No form encoding: links have %20 for a blank, as everywhere but in forms.
  history.pushState(null, "", `?${CHOSEN}=${encodeURIComponent(choice.value)}`);
  load();
});

const rules = document.getElementById("rules");
function leadToRules() {
  const page = documents[choice.selectedIndex].rules;
  rules.hidden = !page;
  rules.setAttribute("href", page || "rules");
}
leadToRules();

function load() {
  const { url } = documents[choice.selectedIndex];
  leadToRules();
  window.ui.specActions.updateUrl(url);
  window.ui.specActions.download(url);
}

function toSandbox(request) {
  const name = field.validity.valid ? field.value : "";
  if (name && new URL(request.url, location.href).origin === location.origin) {
    request.headers["Watchword-Sandbox"] = name;
  }
  return request;
}

// Seen before an operation is opened: what a proposal makes of it, and that only the document's examples answer it.
const marksOperations = () => ({
  wrapComponents: {
    OperationSummaryPath: (Original, system) => (props) => {
      const { createElement: element, Fragment } = system.React;
      const [, path, method] = props.specPath;
      const became = documents[choice.selectedIndex].changes?.[`${method.toUpperCase()} ${path}`];
      const isExample = system.specSelectors.specJson().getIn([...props.specPath, "x-watchword-answer"]) === "example";
      const marks = [became, isExample && "example only"].filter(Boolean);
      const shown = marks.map((mark) => element("span", { className: "operation-mark", key: mark }, mark));
      return element(Fragment, null, element(Original, props), ...shown);
    },
  },
});

// The summary of an operation is a button: a link inside of it could not be reached with every keyboard.
const hasNoLinksInButtons = () => ({
  wrapComponents: {
    DeepLink: (Original, system) => (props) =>
      props.path.includes("/") ? system.React.createElement("span", null, props.text) : system.React.createElement(Original, props),
  },
});

// "Try it out" begins with the first named example, and not with data that fit the schema and no rule.
const beginsWithFirstExample = () => ({
  statePlugins: {
    oas3: {
      wrapSelectors: {
        activeExamplesMember: (original, system) => (state, path, method, type, name) => {
          const chosen = original(state, path, method, type, name);
          if (chosen || type !== "requestBody") return chosen;
          const contents = system.specSelectors.specResolvedSubtree(["paths", path, method, "requestBody", "content"]);
          const kind = system.oas3Selectors.requestContentType(path, method) || contents?.keySeq().first();
          return contents?.getIn([kind, "examples"])?.keySeq().first() ?? chosen;
        },
      },
    },
  },
});

// What Swagger UI leaves out for screen readers: names of fields, and buttons that are called as they look.
function complete() {
  for (const control of page.querySelectorAll("select:not([aria-label]), textarea:not([aria-label])")) {
    const label = control.closest("label") || page.querySelector(`label[for="${CSS.escape(control.id)}"]`);
    const name = label && (label.innerText.replace(control.innerText, "").trim() || label.htmlFor);
    control.setAttribute("aria-label", name || (control.matches("textarea") ? "Request body" : "Media type or example"));
  }
  for (const button of page.querySelectorAll(".opblock-summary-control[aria-label]")) button.removeAttribute("aria-label");
  for (const button of page.querySelectorAll(".close-modal:not([aria-label])")) button.setAttribute("aria-label", "Close");
  for (const code of page.querySelectorAll("pre.microlight:not([tabindex])")) code.tabIndex = 0;
  for (const table of page.querySelectorAll("table[role=region]:not([aria-label])")) table.setAttribute("aria-label", table.id);
}
new MutationObserver(complete).observe(page, { childList: true, subtree: true });

window.ui = SwaggerUIBundle({
  domNode: page,
  url: documents[choice.selectedIndex].url,
  validatorUrl: null,
  layout: "BaseLayout",
  presets: [SwaggerUIBundle.presets.apis],
  plugins: [SwaggerUIBundle.plugins.DownloadUrl, marksOperations, hasNoLinksInButtons, beginsWithFirstExample],
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  displayOperationId: true,
  displayRequestDuration: true,
  filter: true,
  persistAuthorization: true,
  showExtensions: true,
  tryItOutEnabled: true,
  requestInterceptor: toSandbox,
});
