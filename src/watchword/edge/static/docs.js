"use strict";

const SANDBOX = "watchword-sandbox";
const CHOSEN = "urls.primaryName"; // Where Swagger UI writes the document that was chosen.

const page = document.getElementById("swagger-ui");
const documents = JSON.parse(page.dataset.documents);
const chosen = new URLSearchParams(location.search).get(CHOSEN);

// Under /~NAME/docs/ the page is about that sandbox; else it remembers the last one.
const named = location.pathname.match(/^\/~([^/]+)\//);
const field = document.getElementById("sandbox");
field.value = named ? decodeURIComponent(named[1]) : localStorage.getItem(SANDBOX) || "";
field.addEventListener("input", () => localStorage.setItem(SANDBOX, field.validity.valid ? field.value : ""));
document.getElementById("sandbox-form").addEventListener("submit", (event) => event.preventDefault());

function toSandbox(request) {
  const name = field.validity.valid ? field.value : "";
  if (name && new URL(request.url, location.href).origin === location.origin) {
    request.headers["Watchword-Sandbox"] = name;
  }
  return request;
}

// Operations without a handler are answered from the document's examples: seen before they are opened.
const marksExamples = () => ({
  wrapComponents: {
    OperationSummaryPath: (Original, system) => (props) => {
      const { createElement: element, Fragment } = system.React;
      const isExample = system.specSelectors.specJson().getIn([...props.specPath, "x-watchword-answer"]) === "example";
      return isExample
        ? element(Fragment, null, element(Original, props), element("span", { className: "example-only" }, "example only"))
        : element(Original, props);
    },
  },
});

window.ui = SwaggerUIBundle({
  domNode: page,
  urls: documents,
  [CHOSEN]: documents.some((one) => one.name === chosen) ? chosen : documents[0].name,
  validatorUrl: null,
  layout: "StandaloneLayout",
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
  plugins: [marksExamples],
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
